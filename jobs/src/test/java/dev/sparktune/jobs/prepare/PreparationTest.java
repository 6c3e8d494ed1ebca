package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.testing.LocalSpark;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class PreparationTest {
    private static final List<String> SPLITS = List.of("train", "validation", "test");
    private static final String DIRT = "Great 😀 <b>hair</b>&nbsp;dryer ||| {{ 7*7 }} {% raw %} \"é\"\n\tB";

    @TempDir
    Path directory;

    private Path library;

    @BeforeEach
    void writeTemplates() throws Exception {
        library = Reviews.templates(directory.resolve("library"));
    }

    @Test
    void everyRowIsAccountedForAndNoGroupStraddles() throws Exception {
        List<Row> rows = Reviews.good(600);
        rows.add(Reviews.review("E1", "C1", 5, "empty", ""));
        rows.add(Reviews.review("E2", "C2", 5, "blank", " \n\u00a0"));
        rows.add(Reviews.review("E3", "C3", 5, "null", null));
        rows.add(Reviews.review("R7", "C4", 5, "again", "A body of another"));
        rows.add(Reviews.review("R8", null, 1, "again", "Body of a third"));
        rows.add(Reviews.review(null, "C5", 5, "nobody's", "A body"));
        rows.add(Reviews.review("S1", "C6", 4, "", "No headline to write"));
        rows.add(Reviews.review("S2", null, 3, "No customer", DIRT));
        rows.add(Reviews.review("S3", "C7", null, "No rating", "Not rated"));

        PreparedData data = prepare(Reviews.write(directory.resolve("in"), rows, 3, 1));

        assertThat(data.result().counts())
                .containsEntry("rows", 609L)
                .containsEntry("kept", 603L)
                .containsEntry("reserve", 0L)
                .containsEntry("quarantined", 6L)
                .containsEntry("examples", 2 * 603L - 2)
                .containsEntry("skipped_renderings", 2L);
        assertThat(data.result().metrics().get("quarantined"))
                .isEqualTo(Map.of("duplicate id", 2L, "no id", 1L, "review_body is empty", 3L));
        assertThat(data.result().metrics().get("skipped_renderings"))
                .isEqualTo(Map.of(
                        "rate", Map.of("the template failed in line 1", 1L),
                        "summarise", Map.of("the target is empty", 1L)));
        assertThat(LocalSpark.session()
                        .read()
                        .parquet(data.root().resolve("__quarantine").toString())
                        .where("id = 'E2'")
                        .selectExpr("reason", "row")
                        .first()
                        .mkString(": "))
                .isEqualTo("review_body is empty: {\"review_id\":\"E2\",\"customer_id\":\"C2\",\"star_rating\":5,"
                        + "\"review_headline\":\"blank\",\"review_body\":\" \\n\u00a0\"}");

        Map<String, String> splitOf = new HashMap<>();
        Set<String> ids = new TreeSet<>();
        for (String split : SPLITS) {
            for (Example example : data.examples(split)) {
                ids.add(example.id());
                assertThat(splitOf.merge(example.groupId(), split, (before, now) -> before))
                        .isEqualTo(split);
                assertThat(example.groupId()).matches("[0-9a-f]{32}");
                assertThat(example.completion()).isEqualTo(" " + example.targetLabel());
                assertThat(example.source()).isEqualTo("tests");
            }
        }
        assertThat(ids).hasSize(603).contains("R7", "R8", "S1", "S2", "S3");
    }

    @Test
    void ofAnIdInSeveralGroupsOneRowStaysInWhateverSplitsTheyAre() throws Exception {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        Map<String, Set<String>> groups = new HashMap<>();
        for (int i = 0; i < 900; i++) {
            String id = "R" + random.nextInt(300);
            String customer = random.nextInt(9) == 0 ? null : "C" + random.nextInt(200);
            groups.computeIfAbsent(id, r -> new HashSet<>()).add(customer);
            rows.add(Reviews.review(id, customer, 1 + random.nextInt(5), "Headline", "Body by " + customer));
        }
        PreparedData one = PreparedData.prepare(
                directory.resolve("one/data"),
                yaml(Reviews.write(directory.resolve("in1"), rows, 3, 1), ""),
                List.of("privacy.group_id=raw"));
        PreparedData two = PreparedData.prepare(
                directory.resolve("two/data"),
                yaml(Reviews.write(directory.resolve("in2"), rows, 2, 7), ""),
                List.of("privacy.group_id=raw"));

        assertThat(groups.values())
                .as("ids that several customers share")
                .filteredOn(customers -> customers.size() > 1)
                .hasSizeGreaterThan(150);
        assertThat(one.result().counts())
                .containsEntry("kept", (long) groups.size())
                .containsEntry("quarantined", 900L - groups.size());
        assertThat(one.result().metrics().get("quarantined")).isEqualTo(Map.of("duplicate id", 900L - groups.size()));
        Map<String, String> groupOf = new HashMap<>();
        for (Example example : all(one).toList()) {
            assertThat(groupOf.merge(example.id(), example.groupId(), (before, now) -> before))
                    .isEqualTo(example.groupId());
        }
        assertThat(groupOf).hasSameSizeAs(groups);
        for (String split : SPLITS) {
            assertThat(one.examples(split)).isNotEmpty().isEqualTo(two.examples(split));
        }
    }

    @Test
    void theGroupIsShownOrLeftOutOnDemand() throws Exception {
        Path in = Reviews.write(directory.resolve("in"), Reviews.good(30), 1, 1);
        PreparedData raw =
                PreparedData.prepare(directory.resolve("raw/data"), yaml(in, ""), List.of("privacy.group_id=raw"));
        PreparedData none =
                PreparedData.prepare(directory.resolve("none/data"), yaml(in, ""), List.of("privacy.group_id=none"));

        assertThat(all(raw)).extracting(Example::groupId).allMatch(group -> group.matches("C[0-9]+"));
        assertThat(all(none)).extracting(Example::groupId).containsOnlyNulls();
    }

    @Test
    void theLogQuotesNoRowOnDemand() throws Exception {
        List<Row> rows = Reviews.good(30);
        rows.add(Reviews.review("S3", "C7", null, "No rating", "Not rated"));
        Path in = Reviews.write(directory.resolve("in"), rows, 1, 1);
        Logger logger = (Logger) LogManager.getLogger(RecordRenderer.class);
        StringWriter log = new StringWriter();
        WriterAppender appender = WriterAppender.newBuilder()
                .setName("test")
                .setTarget(log)
                .setLayout(PatternLayout.newBuilder().withPattern("%m%n").build())
                .build();
        appender.start();
        logger.addAppender(appender);
        try {
            PreparedData.prepare(directory.resolve("out/data"), yaml(in, ""), List.of("privacy.examples=false"));
        } finally {
            logger.removeAppender(appender);
        }

        assertThat(log.toString().lines())
                .containsExactly("a rendering failed, others may: template 'rate', line 1 (privacy.examples is false)");
    }

    @Test
    void textsSurviveByteForByte() throws Exception {
        List<Row> rows = Reviews.good(50);
        rows.add(Reviews.review("DIRT", "C1", 5, "|||", DIRT));
        PreparedData data = prepare(Reviews.write(directory.resolve("in"), rows, 1, 1));

        assertThat(all(data).filter(example -> example.id().equals("DIRT")))
                .extracting(Example::task, Example::prompt, Example::completion, Example::answerChoices)
                .containsExactlyInAnyOrder(
                        tuple("rate", DIRT + " How many stars?", " 5", List.of("1", "2", "3", "4", "5")),
                        tuple("summarise", DIRT + " In short:", " |||", null));
    }

    @Test
    void repartitioningTheInputChangesNothing() throws Exception {
        List<Row> rows = Reviews.good(300);
        rows.add(Reviews.review("R7", "C7", 1, "another", "Same id, another body"));
        rows.add(Reviews.review("R7", null, 2, "a third", "Same id, a third body"));
        PreparedData one = prepare("one", Reviews.write(directory.resolve("in1"), rows, 1, 1), "");
        PreparedData many = prepare("many", Reviews.write(directory.resolve("in2"), rows, 5, 2), "");

        for (String split : SPLITS) {
            assertThat(many.examples(split).stream().map(PreparationTest::withoutGroup))
                    .containsExactlyElementsOf(one.examples(split).stream()
                            .map(PreparationTest::withoutGroup)
                            .toList());
        }
        assertThat(one.examples("train"))
                .extracting(Example::id)
                .isNotEqualTo(
                        one.examples("train").stream().map(Example::id).sorted().toList());
        assertThat(json(many).get("bucket_map")).isEqualTo(json(one).get("bucket_map"));
    }

    @Test
    void aGrownTableWithTheFrozenMapMovesNoRow() throws Exception {
        List<Row> rows = Reviews.good(300);
        PreparedData before = prepare("before", Reviews.write(directory.resolve("in1"), rows, 2, 1), "");
        for (int i = 0; i < 100; i++) {
            rows.add(Reviews.review("NEW" + i, "NEW" + i, 5, "h", "b" + i));
        }
        PreparedData after = prepare(
                "after",
                Reviews.write(directory.resolve("in2"), rows, 2, 1),
                ", map: " + before.root().resolve("manifest.json"));

        Map<String, String> splits = splitOfIds(after);
        assertThat(splits).hasSize(400).containsAllEntriesOf(splitOfIds(before));
        assertThat(json(after).get("bucket_map")).isEqualTo(json(before).get("bucket_map"));

        assertThatThrownBy(() -> prepare(
                        "other",
                        directory.resolve("in2"),
                        ", salt: other, map: " + before.root().resolve("manifest.json")))
                .isInstanceOf(JobFailure.class)
                .hasMessageEndingWith(
                        "manifest.json was made with salt 'sparktune', split.salt is 'other'; a frozen map keeps its own");
    }

    @Test
    void manifestAndCardSayWhatWasMade() throws Exception {
        Path leftOver = directory.resolve("out/data/prompt_completion/train/part-00007.parquet");
        Files.createDirectories(leftOver.getParent());
        Files.writeString(leftOver, "from a run that was cut off");
        PreparedData data = prepare(Reviews.write(directory.resolve("in"), Reviews.good(400), 2, 1));
        JsonNode manifest = json(data);

        assertThat(manifest.at("/rows/kept").asLong()).isEqualTo(400);
        assertThat(manifest.at("/source/files")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(manifest.at("/templates/0/task").asText()).isEqualTo("rate");
        assertThat(manifest.at("/templates/0/hash").asText()).matches("[0-9a-f]{64}");
        long rows = 0;
        for (String split : SPLITS) {
            JsonNode counts = manifest.at("/splits/" + split);
            assertThat(counts.get("examples").asLong())
                    .isEqualTo(data.examples(split).size());
            assertThat(counts.at("/tasks/rate").asLong())
                    .isEqualTo(counts.get("rows").asLong());
            for (JsonNode stratum : counts.get("strata")) {
                rows += stratum.asLong();
            }
        }
        assertThat(rows).isEqualTo(400);
        assertThat(manifest.at("/bucket_map/hash").asText()).isEqualTo("murmur3_x64_128[0]");
        assertThat(data.text("README.md"))
                .startsWith("---\nlicense: \"cc0-1.0\"\n")
                .contains("    path: prompt_completion/validation/*.parquet\n")
                .contains("| train | 320 | 640 |");
        try (Stream<Path> files = Files.walk(data.root())) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> data.root().relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "manifest.json",
                            "README.md",
                            "report.html",
                            "chat/train/part-00000.parquet",
                            "chat/validation/part-00000.parquet",
                            "chat/test/part-00000.parquet",
                            "prompt_completion/train/part-00000.parquet",
                            "prompt_completion/validation/part-00000.parquet",
                            "prompt_completion/test/part-00000.parquet");
        }
    }

    @Test
    void linesThatDoNotParseAreSetAside() throws Exception {
        Path csv = directory.resolve("reviews.csv");
        Files.writeString(csv, """
                id,stars,text
                a,5,good
                b,1,"bad, really"
                c,3
                d,4,fine,too,many
                e,2,hm
                """);
        PreparedData data = PreparedData.prepare(directory.resolve("csv/data"), """
                input: {path: %s, format: csv, options: {header: true, inferSchema: true}, id: id,
                  columns: {review_body: text, star_rating: stars, review_headline: "timestamp'2015-08-31 12:00:00'"}}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews}
                split: {stratify: [star_rating]}
                """.formatted(csv, library));
        assertThat(data.result().counts()).containsEntry("rows", 5L).containsEntry("kept", 3L);
        assertThat(all(data).filter(example -> example.task().equals("summarise")))
                .extracting(Example::targetLabel)
                .containsOnly("2015-08-31 12:00:00");
        assertThat(data.result().metrics().get("quarantined")).isEqualTo(Map.of("malformed line", 2L));

        Path jsonl = directory.resolve("reviews.jsonl");
        Files.writeString(jsonl, """
                {"review_body": "good", "star_rating": 5, "review_headline": "Good", "tags": ["x"], "about": {"a": 1}}
                {"review_body": "bad", "star_rating": 1
                {"review_body": "good", "star_rating": 5, "review_headline": "Good", "tags": ["x"], "about": {"a": 1}}
                {"review_body": "", "star_rating": 1, "review_headline": "Bad"}
                """);
        PreparedData json = PreparedData.prepare(directory.resolve("json/data"), """
                input: {path: %s, format: json}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews, names: [rate]}
                """.formatted(jsonl, library));
        assertThat(json.result().metrics().get("quarantined"))
                .isEqualTo(Map.of("duplicate id", 1L, "malformed line", 1L, "review_body is empty", 1L));
        assertThat(all(json)).extracting(Example::id).singleElement().asString().matches("[0-9a-f]{32}");
    }

    @Test
    void aChatKeepsItsTurnsInTheFormsForConversations() throws Exception {
        Path chats = directory.resolve("chats.jsonl");
        Files.writeString(chats, """
                {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}
                {"messages": [{"role": "user", "content": "Who speaks last?"}]}
                """);
        PreparedData data = PreparedData.prepare(directory.resolve("chats/data"), """
                input: {path: %s, format: json, form: messages}
                examples: {also: [chat, messages]}
                split: {fractions: {train: 1}}
                """.formatted(chats));
        assertThat(data.examples("train"))
                .extracting(Example::prompt, Example::completion)
                .containsExactly(tuple("System: Be brief.\n\nUser: Hi\n\nAssistant:", " Hello."));
        for (String form : List.of("chat/train|concat(prompt, completion)", "messages/train|messages")) {
            String[] parts = form.split("\\|");
            assertThat(LocalSpark.session()
                            .read()
                            .parquet(data.root().resolve(parts[0]).toString())
                            .selectExpr("to_json(" + parts[1] + ")")
                            .first()
                            .getString(0))
                    .isEqualTo(
                            "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"},"
                                    + "{\"role\":\"assistant\",\"content\":\"Hello.\"}]");
        }
    }

    @Test
    void aLimitTakesTheSameRowsWhateverTheirOrder() throws Exception {
        List<Row> rows = Reviews.good(200);
        Path in1 = Reviews.write(directory.resolve("in1"), rows, 1, 1);
        Path in2 = Reviews.write(directory.resolve("in2"), rows, 4, 2);
        Set<String> one = splitOfIds(limited("one", in1, 50)).keySet();

        assertThat(one)
                .hasSize(50)
                .isEqualTo(splitOfIds(limited("two", in2, 50)).keySet());
        assertThat(splitOfIds(limited("three", in2, 80)).keySet()).hasSize(80).containsAll(one);
    }

    @Test
    void hashesOfTextsAreExchangedOnceAndRowsOnce() throws Exception {
        Path in = Reviews.write(directory.resolve("in"), Reviews.good(20), 2, 1);
        assertThat(exchanges(in, List.of()))
                .as("without texts to compare: the rows, among them the notices of ids that may be repeated")
                .singleElement()
                .asString()
                .startsWith("hashpartitioning(__place");
        assertThat(exchanges(in, List.of("clean.exact_duplicates=[review_body]")))
                .as("the hashes of the texts, then the rows")
                .hasSize(2)
                .anyMatch(exchange -> exchange.startsWith("hashpartitioning(__key"))
                .anyMatch(exchange -> exchange.startsWith("hashpartitioning(__place"));
        assertThat(exchanges(in, List.of("split.group=null")))
                .as("rows that are groups of their own meet in one file")
                .singleElement()
                .asString()
                .startsWith("hashpartitioning(__place");
    }

    /** Of the plan by which the files are written. */
    private List<String> exchanges(Path in, List<String> sets) throws Exception {
        Settings settings = Settings.read("t", "output: o\n" + yaml(in, ""), sets, Set.of());
        InputTable table = InputTable.read(LocalSpark.session(), settings.input(), settings.clean(), settings.split());
        PlacedTable placed = PlacedTable.of(table, SplitPlan.of(table, settings.split(), lit(1L), null));
        try (SetAside aside = new SetAside(placed, settings)) {
            String physical = RenderedFiles.arranged(placed, aside.marks())
                    .queryExecution()
                    .executedPlan()
                    .toString();
            return Stream.of(physical.split("Exchange ")).skip(1).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            clean: {required: [body]}        | clean.required: there is no column 'body'; there are 'review_id', 'customer_id', 'star_rating', 'review_headline', 'review_body'
            split: {stratify: [stars]}       | split.stratify: there is no column 'stars'; there are 'review_id', 'customer_id', 'star_rating', 'review_headline', 'review_body'
            split: {group: user}             | split.group: there is no column 'user'; there are 'review_id', 'customer_id', 'star_rating', 'review_headline', 'review_body'
            input: {id: key}                 | input.id: there is no column 'key'; there are 'review_id', 'customer_id', 'star_rating', 'review_headline', 'review_body'
            input: {where: stars > 3}        | input.where: stars > 3: [UNRESOLVED_COLUMN.WITH_SUGGESTION]
            input: {columns: {a: nix(1)}}    | input.columns.a: nix(1): [UNRESOLVED_ROUTINE]
            input: {columns: {g: 'array(1)'}}, split: {group: g} | column 'g' is of type array<int>; an id, a group or a stratum must be
            input: {where: star_rating > 9}  | the input has no rows
            templates: {names: [rank]}       | templates: reviews has no template 'rank', but rate, summarise
            templates: {dataset: movies}     | templates.dataset: movies is not in the library; there is no
            templates: {dataset: ../reviews} | templates: a template data set is NAME or NAME/SUBSET
            split: {map: /nix/manifest.json} | /nix/manifest.json: no such file
            """)
    void whatIsWrongIsSaidInOneLineBeforeAnythingIsWritten(String change, String message) throws Exception {
        Path in = Files.exists(directory.resolve("in"))
                ? directory.resolve("in")
                : Reviews.write(directory.resolve("in"), Reviews.good(5), 1, 1);
        List<String> sets = new ArrayList<>();
        Map<?, ?> changes = new Yaml().load("{" + change + "}");
        changes.forEach((section, keys) -> ((Map<?, ?>) keys)
                .forEach((key, value) -> sets.add(
                        section + "." + key + "=" + new Yaml().dump(value).strip())));

        assertThatThrownBy(() -> PreparedData.prepare(directory.resolve("out/data"), yaml(in, ""), sets))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(directory.resolve("out/data")).isEmptyDirectory();
    }

    @Test
    void aColumnThatATemplateMissesIsNamed() {
        Path in = directory.resolve("in");
        LocalSpark.session()
                .createDataFrame(Reviews.good(5), Reviews.SCHEMA)
                .withColumnRenamed("star_rating", "stars")
                .write()
                .parquet(in.toString());
        assertThatThrownBy(() -> PreparedData.prepare(
                        directory.resolve("out/data"),
                        "input: {path: %s}\ntemplates: {library: %s, dataset: reviews}".formatted(in, library)))
                .isInstanceOf(JobFailure.class)
                .hasMessage(
                        "template 'rate' asks for 'star_rating', but the columns are 'review_id', 'customer_id', 'stars',"
                                + " 'review_headline', 'review_body'; input.columns can make one by a Spark SQL expression");
    }

    @Test
    void filesThatAreNoParquetAreRefused() throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Files.writeString(in.resolve("reviews.parquet"), "no Parquet at all, but long enough for a footer");
        assertThatThrownBy(() -> prepare(in))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.path: 1 of 1 files cannot be read: file:" + in
                        + "/reviews.parquet: no Parquet file, or one that was cut short; input.on_bad_file=quarantine"
                        + " goes on without it");

        Path half = Reviews.write(directory.resolve("half"), Reviews.good(5), 1, 1);
        Files.writeString(half.resolve("part-99999.parquet"), "broken, but not the first");
        assertThatThrownBy(() -> prepare(half))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.path: 1 of 2 files cannot be read: file:" + half
                        + "/part-99999.parquet: no Parquet file, or one that was cut short");
    }

    @Test
    void fractionsThatAreNoSharesAreASettingsError() {
        assertThatThrownBy(() -> prepare("x", directory, ", fractions: {train: 0.5, test: 0.4}"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("split.fractions: fractions must sum to 1, {train=0.5, test=0.4} sum to 0.9");
    }

    private PreparedData prepare(Path in) throws Exception {
        return prepare("out", in, "");
    }

    private PreparedData prepare(String name, Path in, String moreOfSplit) throws Exception {
        return PreparedData.prepare(directory.resolve(name + "/data"), yaml(in, moreOfSplit));
    }

    private PreparedData limited(String name, Path in, int limit) throws Exception {
        return PreparedData.prepare(directory.resolve(name + "/data"), yaml(in, ""), List.of("input.limit=" + limit));
    }

    private String yaml(Path in, String moreOfSplit) {
        return """
                input: {path: %s, source: tests, license: cc0-1.0}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews}
                split: {stratify: [star_rating], group: customer_id%s}
                """.formatted(in, library, moreOfSplit);
    }

    private static Stream<Example> all(PreparedData data) {
        return SPLITS.stream().flatMap(split -> data.examples(split).stream());
    }

    private static Map<String, String> splitOfIds(PreparedData data) {
        return SPLITS.stream()
                .flatMap(split -> data.examples(split).stream().map(example -> Map.entry(example.id(), split)))
                .distinct()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Every run hides groups by a key of its own. */
    private static Example withoutGroup(Example e) {
        return new Example(
                e.id(),
                null,
                e.stratum(),
                e.source(),
                e.task(),
                e.templateId(),
                e.templateHash(),
                e.prompt(),
                e.completion(),
                e.answerChoices(),
                e.targetLabel());
    }

    private static JsonNode json(PreparedData data) throws Exception {
        return new ObjectMapper().readTree(data.text("manifest.json"));
    }
}
