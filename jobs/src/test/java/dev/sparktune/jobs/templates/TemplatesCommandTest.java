package dev.sparktune.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PETS = """
            dataset: pets
            templates:
              p1: !Template
                id: p1
                name: kind
                jinja: |-
                  {{text}} What is it?
                  |||
                  {{answer_choices[label]}}
                answer_choices: cat ||| dog
                metadata: !TemplateMetadata
                  metrics: [Accuracy]
                  task: kind
                  original_task: true
                  choices_in_prompt: false
              p2: !Template
                id: p2
                name: three parts
                jinja: '{{text}} ||| {{n}} ||| {{n + 1}}'
                metadata: !TemplateMetadata
                  metrics: [Other]
                  task: count
              p3: !Template
                id: p3
                name: broken
                jinja: '{{text | shout}} ||| {{n}}'
                metadata: !TemplateMetadata
                  metrics: [Other]
                  task: count
            """;

    @TempDir
    Path directory;

    private Path library;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void makeLibrary() throws IOException {
        library = directory.resolve("library");
        Files.createDirectories(library.resolve("pets/small"));
        Files.writeString(library.resolve("pets/small/templates.yaml"), PETS);
    }

    @Test
    void listShowsEachTemplateAndNamesTheBrokenOnes() {
        Outcome outcome = run("list", "--library", library.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("""
                data set    template     task   answers    metrics
                pets/small  kind         kind   closed, 2  Accuracy
                pets/small  three parts  count  open       Other
                pets/small  broken       count  broken     Other
                """);
        assertThat(outcome.err())
                .contains("template 'pets/small/broken', line 1: the filter 'shout' is not supported")
                .contains("3 templates of 2 tasks in 1 data set\n");
    }

    @Test
    void listWritesJsonForPrograms() throws IOException {
        Outcome outcome = run("list", "--library", library.toString(), "--json");

        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(JSON.readTree(lines.get(0))).isEqualTo(JSON.readTree("""
                {"dataset": "pets/small", "name": "kind", "id": "p1", "task": "kind", "metrics": ["Accuracy"], "languages": [],
                 "closed": true, "answer_choices": "cat ||| dog", "choices_in_prompt": false, "original_task": true,
                 "fields": ["text", "label"], "error": null}"""));
        assertThat(JSON.readTree(lines.get(2)).get("error").asText()).contains("'shout'");
    }

    @Test
    void theProjectsOwnLibraryIsTheOneWithoutALibrary() {
        Outcome outcome = run("list", "--dataset", "reviews");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("reviews   rate ").doesNotContain("entities");
    }

    @Test
    void showTellsWhatATemplateMakesOfTheFirstRows() throws IOException {
        Path table = Files.writeString(
                directory.resolve("pets.csv"),
                "text,label,n\n\"It purrs,\nloudly.\",0,2.5\nIt barks.,1,3\nIt sings.,7,1\nand,0,0\n");

        Outcome outcome = run(
                "show",
                "--library",
                library.toString(),
                "--dataset",
                "pets/small",
                "--name",
                "kind",
                "--table",
                table.toString(),
                "--rows",
                "3");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("""
                pets/small/kind  p1
                task: kind, the data set's own
                metrics: Accuracy
                answers: closed, 2
                    cat ||| dog
                template:
                    {{text}} What is it?
                    |||
                    {{answer_choices[label]}}
                row 0 asks:
                    It purrs,
                    loudly. What is it?
                row 0 answers:
                    cat
                row 1 asks:
                    It barks. What is it?
                row 1 answers:
                    dog
                row 2 is skipped: the target is empty

                """);
    }

    @Test
    void showSaysWhatTheTableLacksAndWhatFails() throws IOException {
        Path table = Files.writeString(directory.resolve("pets.jsonl"), "{\"text\": \"a\", \"n\": \"x\"}\n");

        Outcome outcome =
                run("show", "--library", library.toString(), "--dataset", "pets/small", "--table", table.toString());

        assertThat(outcome.out())
                .contains("the table has no label; its columns are text, n\n")
                .contains("row 0 fails in line 1: ")
                .contains("error: template 'pets/small/broken', line 1: the filter 'shout' is not supported\n");
    }

    @Test
    void aTableMayBeOneArrayOfObjects() throws IOException {
        Path table = Files.writeString(
                directory.resolve("pets.json"), "\n[{\"text\": \"It purrs.\",\n\"label\": 0}, {\"text\": \"x\"}]");

        Outcome outcome = run(
                "show",
                "--library",
                library.toString(),
                "--dataset",
                "pets/small",
                "--name",
                "p1",
                "--table",
                table.toString());

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("row 0 answers:\n    cat\nrow 1 ");
    }

    @Test
    void lintEndsWith1WhereThereAreErrors() throws IOException {
        Path table = Files.writeString(directory.resolve("pets.tsv"), "text\tn\n\"a\t3\n");

        Outcome outcome =
                run("lint", "--library", library.toString(), "--dataset", "pets/small", "--table", table.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("""
                pets/small:kind:3: asks for 'label', but the table's columns are text, n
                pets/small:three parts:1: fails on 1 of 1 rows, first in row 0: rendered 3 parts between '|||', but a prompt and a target make 2
                pets/small:broken:1: the filter 'shout' is not supported
                """);
        assertThat(outcome.err()).isEqualTo("3 errors, 0 warnings in 1 data sets\n");
    }

    @Test
    void lintOfTheProjectsOwnLibraryIsClean() {
        Outcome outcome = run("lint");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("0 errors, 0 warnings in ");
    }

    @Test
    void lintReadsParquet() {
        Path table = Shared.require("data/amazon/parquet");

        Outcome outcome = run("lint", "--dataset", "reviews", "--table", table.toString(), "--rows", "200");

        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .hasSize(4)
                .contains(
                        "warning: reviews:compare:1: makes no example of the table's first rows: the template gave fewer than"
                                + " two parts (200)")
                .endsWith("0 errors, 3 warnings in 1 data sets");
    }

    @Test
    void renderWritesALinePerRowAndTemplateWhateverHappens() throws IOException {
        Path rows = Files.writeString(directory.resolve("rows.jsonl"), """
                {"text": "a ||| b é 😀", "label": 1, "n": 2}

                [1]
                {"text": "x", "label": 0, "n": 2.5}
                {"text": "big", "n": NaN, "label": 1}
                {"text": \uFFFF}
                {"text": "half \\ud83d", "label": 1, "n": "1"}""");

        Outcome outcome =
                run("render", "--library", library.toString(), "--dataset", "pets/small", "--rows", rows.toString());

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(6 * 3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"row\":0,\"template\":\"kind\",\"id\":\"p1\",\"parts\":[\"a ||| b é \\uD83D\\uDE00 What is it?\",\"dog\"],"
                                + "\"answer_choices\":[\"cat\",\"dog\"],\"error\":null}");
        assertThat(lines.get(1))
                .isEqualTo(
                        "{\"row\":0,\"template\":\"three parts\",\"id\":\"p2\",\"parts\":[\"a ||| b é \\uD83D\\uDE00\",\"2\",\"3\"],"
                                + "\"answer_choices\":null,\"error\":null}");
        assertThat(lines.get(2))
                .isEqualTo("{\"row\":0,\"template\":\"broken\",\"id\":\"p3\",\"parts\":[],\"answer_choices\":null,"
                        + "\"error\":\"template 'pets/small/broken', line 1: the filter 'shout' is not supported\"}");
        assertThat(lines.get(3)).contains("\"row\":2,").contains("\"error\":\"a row must be a JSON object\"");
        assertThat(lines.get(7)).contains("\"parts\":[\"x\",\"2.5\",\"3.5\"]");
        assertThat(lines.get(10)).contains("\"parts\":[\"big\",\"nan\",\"nan\"]");
        assertThat(lines.get(12)).contains("\"row\":5,").contains("\"error\":\"not JSON: ");
        assertThat(lines.get(15)).contains("\"parts\":[\"half \\uD83D What is it?\",\"dog\"]");
        JsonNode failed = JSON.readTree(lines.get(16));
        assertThat(failed.get("parts")).isEmpty();
        assertThat(failed.get("error").asText()).startsWith("template 'pets/small/three parts', line 1: ");
        assertThat(outcome.err()).isEqualTo("18 renderings, 11 of them errors\n");
    }

    @Test
    void renderTakesOneTemplateByNameOrId() throws IOException {
        Path rows = Files.writeString(directory.resolve("rows.jsonl"), "{\"text\": \"a\", \"label\": 1}\n");

        Outcome outcome = run(
                "render",
                "--library",
                library.toString(),
                "--dataset",
                "pets/small",
                "--name",
                "p1",
                "--rows",
                rows.toString());

        assertThat(outcome.out().lines()).hasSize(1);
        assertThat(outcome.out()).contains("\"template\":\"kind\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "lst ~ 2 ~ Unmatched argument at index 0: 'lst'; the nearest is list",
                "list --librry x ~ 2 ~ Unknown options: '--librry', 'x'; the nearest is --library",
                "render --dataset reviews ~ 2 ~ Missing required option: '--rows=FILE.jsonl'; --help lists what there is",
                "lint --table t.csv ~ 2 ~ --table needs --dataset, the data set whose table it is; --help lists what there is",
                "show --dataset reviews --table t.csv --rows -1 ~ 2 ~ --rows must be at least 0, but is -1; --help lists what there is",
                "show --dataset reveiws ~ 1 ~ classpath:conf/templates: has no data set 'reveiws'; the nearest is reviews",
                "show --dataset reviews --name raet ~ 1 ~ --name: no template 'raet'; the nearest is 'rate'",
                "show --dataset reviews --table none.parquet ~ 1 ~ none.parquet: no such file or directory",
                "render --dataset reviews --rows none.jsonl ~ 1 ~ --rows none.jsonl: no such file",
                "list --library none ~ 1 ~ none: no such file or directory",
                "list --dataset ../x ~ 1 ~ --dataset: a template data set is NAME or NAME/SUBSET of letters, digits, '_', '-', '+' and '.' (not first), but is '../x'",
            })
    void whatIsWrongIsToldInOneLine(String args, int exitCode, String message) {
        Outcome outcome = run(args.split(" "));

        assertThat(outcome.err()).contains(message + "\n");
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @CsvSource({
        "--help, list",
        "list --help, --json",
        "show --help, --table",
        "lint --help, --table",
        "render --help, --rows"
    })
    void everyCommandHelps(String args, String told) {
        Outcome outcome = run(args.split(" "));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("Usage: sparktune templates").contains(told);
    }

    @Test
    void theShippedLibraryIsTheOneOfTheCheckout() {
        Outcome shipped = run("list", "--json");

        assertThat(run(
                                "list",
                                "--json",
                                "--library",
                                ProjectRoot.resolve("conf/templates").toString())
                        .out())
                .isEqualTo(shipped.out());
    }

    private static Outcome run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = TemplatesCommand.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
