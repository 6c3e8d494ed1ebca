package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.synthetic.SyntheticEntities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateJobTest {
    private static final Path TINY_BASE =
            Path.of("../conf/tiny-base").toAbsolutePath().normalize();
    private static final int SENTENCES = 20;

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path root;

    private Path input;

    @BeforeEach
    void sentences() {
        List<Row> rows = new ArrayList<>();
        new SyntheticEntities(7)
                .rows(0, SENTENCES)
                .forEach(row -> rows.add(RowFactory.create(
                        row.id(), row.sentence() + "\nWhat is the name of the " + row.kind() + "?", row.name())));
        rows.add(RowFactory.create("none", null, ""));
        rows.add(RowFactory.create("empty", "", ""));
        rows.add(RowFactory.create("long", "the cat ".repeat(400), ""));
        input = root.resolve("prompts");
        spark.createDataFrame(rows, StructType.fromDDL("id STRING, prompt STRING, name STRING"))
                .write()
                .parquet(input.toUri().toString());
    }

    @Test
    void everyPromptIsCompletedOrSetAsideWithAReason() throws Exception {
        JobResult result = generate("all");

        assertThat(result.counts())
                .containsEntry("rows", SENTENCES + 3L)
                .containsEntry("completed", (long) SENTENCES)
                .containsEntry("set_aside", 3L);
        Map<String, Row> rows = rows("all");
        new SyntheticEntities(7).rows(0, SENTENCES).forEach(entity -> {
            Row row = rows.get(entity.id());
            assertThat(row.<String>getAs("completion")).isEqualTo(" " + entity.name());
            assertThat(row.<String>getAs("finish_reason")).isEqualTo("stop");
            assertThat(row.<Integer>getAs("prompt_tokens")).isPositive();
        });
        assertThat(rows.get("none").<String>getAs("set_aside")).isEqualTo("there is no prompt");
        assertThat(rows.get("empty").<String>getAs("set_aside")).isEqualTo("there is no prompt");
        assertThat(rows.get("long").<String>getAs("set_aside"))
                .isEqualTo("the prompt fills the model's context of 512 tokens");
        assertThat(rows.get("long").<String>getAs("completion")).isNull();
    }

    @Test
    void drawsDependOnSeedAndPromptAndNotOnTheParts() throws Exception {
        String[] drawn = {"generate.do_sample=true", "generate.temperature=3.0"};
        generate("one", drawn);
        generate("many", drawn[0], drawn[1], "generate.rows_per_part=4");
        generate("seeded", drawn[0], drawn[1], "generate.seed=43");

        assertThat(parts("many").size()).isGreaterThan(parts("one").size());
        assertThat(completions("many")).isEqualTo(completions("one"));
        assertThat(completions("seeded")).isNotEqualTo(completions("one"));
    }

    @Test
    void aRunThatWasCutOffWritesTheMissingPartsOnly() throws Exception {
        String[] sets = {"generate.rows_per_part=4"};
        generate("cut", sets);
        Map<String, String> whole = completions("cut");
        List<Path> parts = parts("cut");
        Files.delete(parts.get(1));
        Files.writeString(root.resolve("cut/completions/_7-part-00001.parquet"), "half a file");
        FileTime before = FileTime.fromMillis(0);
        Files.setLastModifiedTime(parts.get(0), before);

        JobResult again = generate("cut", sets);

        assertThat(completions("cut")).isEqualTo(whole);
        assertThat(parts("cut")).isEqualTo(parts);
        assertThat(Files.getLastModifiedTime(parts.get(0))).isEqualTo(before);
        assertThat(again.counts()).containsEntry("rows", SENTENCES + 3L);
    }

    @Test
    void withoutAnIdTheRowIsItsOwn() throws Exception {
        generate("hashed", "generate.id_column=null");

        assertThat(rows("hashed")).hasSize(SENTENCES + 3).allSatisfy((id, row) -> assertThat(id)
                .matches("[0-9a-f]{16}"));
    }

    @Test
    void aTemplateMakesThePromptsAndNeedsNoAnswer() throws Exception {
        byTemplate("rendered", "{{sentence}}\\nWhat is the name of the {{kind}}? ||| {{answer_choices[name + 1]}}");
        new SyntheticEntities(7).rows(0, SENTENCES).forEach(entity -> {
            Row row = rows("rendered").get(entity.id());
            assertThat(row.<String>getAs("prompt"))
                    .isEqualTo(entity.sentence() + "\nWhat is the name of the " + entity.kind() + "?");
            assertThat(row.<String>getAs("completion")).isEqualTo(" " + entity.name());
        });
    }

    @Test
    void rowsThatTheTemplateDoesNotFitAreSetAsideWithTheReason() throws Exception {
        List<String> kinds = new ArrayList<>();
        new SyntheticEntities(7).rows(0, SENTENCES).forEach(entity -> kinds.add(entity.kind()));
        List<String> distinct = kinds.stream().distinct().toList();
        String skipped = distinct.get(0);
        String failing = distinct.get(1);

        byTemplate(
                "partly",
                "{%% if kind != '%s' %%}\\n{{ sentence if kind != '%s' else 1 / 0 }}\\n{%% endif %%} ||| x"
                        .formatted(skipped, failing));

        Map<String, Row> rows = rows("partly");
        assertThat(rows).hasSize(SENTENCES);
        new SyntheticEntities(7).rows(0, SENTENCES).forEach(entity -> {
            Row row = rows.get(entity.id());
            String reason = entity.kind().equals(skipped)
                    ? "the prompt is empty"
                    : entity.kind().equals(failing) ? "the template failed in line 2" : null;
            assertThat(row.<String>getAs("set_aside")).isEqualTo(reason);
            assertThat(row.<String>getAs("prompt")).isEqualTo(reason == null ? entity.sentence() : null);
        });
    }

    @Test
    void whatIsWrongWithATemplateIsNamed() {
        assertThatThrownBy(() -> byTemplate("e", "{{sentance}} ||| x"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("template 'ask' asks for 'sentance', but the columns are 'id', 'sentence', 'kind';"
                        + " generate.template.columns can make one by a Spark SQL expression");
        assertThatThrownBy(() -> byTemplate("f", "{{kind}} ||| x", "generate.template.name=rate"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("generate.template: made has no template 'rate', but ask");
        assertThatThrownBy(() -> byTemplate("g", "{{kind}} ||| x", "generate.template.dataset=mad"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("generate.template.dataset: mad is not in the library; there is no ");
        assertThatThrownBy(() -> byTemplate("h", "{{kind}} ||| x", "generate.template.columns={kind: knid}"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("generate.template.columns.kind: knid: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generate.seed=1 | generate: give either generate.prompt_column or generate.template, but there is neither",
                "generate.template={dataset: a, name: b}, generate.prompt_column=p | generate: give either generate.prompt_column or generate.template, but there are both",
                "generate.template.dataset=a | generate.template: needs both a dataset and a name, but has no name",
                "generate.template.name=b | generate.template: needs both a dataset and a name, but has no dataset",
            })
    void promptsComeFromAColumnOrATemplate(String sets, String message) {
        List<String> all = new ArrayList<>(List.of(sets.split(", (?=generate)")));
        all.add("generate.input=x");
        Settings settings = Settings.read("test.yaml", "output: unused", all, Set.of("output", "generate"));

        assertThatThrownBy(() -> GenerateJob.check(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> generate("a", "generate.prompt_column=question"))
                .isInstanceOf(JobFailure.class)
                .hasMessage(input + ": no column 'question'; it has id, prompt, name");
        assertThatThrownBy(() -> generate("b", "generate.id_column=key"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("generate.id_column: " + input + " has no column 'key'; it has id, prompt, name");
        assertThatThrownBy(() -> generate("c", "generate.model=" + root))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("generate.model: ")
                .hasMessageContaining("config.json");
        assertThatThrownBy(() -> generate("d", "generate.top_p=1.5"))
                .hasMessageContaining("top_p must be in (0, 1], but is 1.5");
    }

    private JobResult generate(String output, String... sets) throws Exception {
        return run(output, input, "generate.prompt_column=prompt", sets);
    }

    /** By a library with one template of this Jinja (a line of YAML in double quotes), over a table of sentences. */
    private JobResult byTemplate(String output, String jinja, String... sets) throws Exception {
        Path library = root.resolve("library-" + output);
        Files.createDirectories(library.resolve("made"));
        Files.writeString(library.resolve("made/templates.yaml"), """
                dataset: made
                templates:
                  1: !Template
                    answer_choices: null
                    id: "1"
                    jinja: "%s"
                    metadata: !TemplateMetadata {}
                    name: ask
                    reference: ''
                """.formatted(jinja));
        List<Row> rows = new ArrayList<>();
        new SyntheticEntities(7)
                .rows(0, SENTENCES)
                .forEach(row -> rows.add(RowFactory.create(row.id(), row.sentence(), row.kind())));
        Path table = root.resolve("sentences-" + output);
        spark.createDataFrame(rows, StructType.fromDDL("id STRING, sentence STRING, kind STRING"))
                .write()
                .parquet(table.toUri().toString());
        List<String> all = new ArrayList<>(List.of("generate.template.dataset=made", "generate.template.name=ask"));
        all.addAll(Arrays.asList(sets));
        return run(output, table, "generate.template.library=" + library, all.toArray(String[]::new));
    }

    private JobResult run(String output, Path table, String prompts, String... sets) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "generate.input=" + table,
                prompts,
                "generate.id_column=id",
                "generate.model=" + TINY_BASE,
                "generate.max_new_tokens=6"));
        all.addAll(Arrays.asList(sets));
        Settings settings = Settings.read("test.yaml", "output: unused", all, Set.of("output", "generate"));
        return GenerateJob.run(new JobContext(
                "generate",
                spark,
                settings,
                new Locations(spark.sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(root.resolve(output).toUri()),
                false));
    }

    private Map<String, Row> rows(String output) {
        return spark.read().parquet(root.resolve(output + "/completions").toString()).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs("id"), row -> row));
    }

    private Map<String, String> completions(String output) {
        return rows(output).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, row -> String.valueOf(row.getValue().<String>getAs("completion"))));
    }

    private List<Path> parts(String output) throws IOException {
        try (var files = Files.list(root.resolve(output + "/completions"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }
}
