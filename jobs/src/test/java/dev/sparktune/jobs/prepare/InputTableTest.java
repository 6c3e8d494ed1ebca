package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.clean.CleaningStep;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputTableTest {
    private static final StructType SCHEMA = new StructType()
            .add("review_id", DataTypes.StringType)
            .add("customer_id", DataTypes.StringType)
            .add("marketplace", DataTypes.StringType)
            .add("star_rating", DataTypes.IntegerType)
            .add("title", DataTypes.StringType)
            .add("body", DataTypes.StringType);

    @TempDir
    Path directory;

    @Test
    void stepsReplaceTheTextAndAreNotedInTheRow() throws IOException {
        Path in = write(
                row("a", "C<b>1</b>", "us", "5&#34; & more", "good<br />cheap"),
                row("b", "C2", "US", "plain", "write to joe@example.org"),
                row("c", "C3", "us ", "plain", "plain"),
                row("d", "C4", null, null, "e\u0301\uFFFD"));
        InputTable table = read(
                in,
                "clean: {steps: [mask_email, html, nfc, replacement, case], categories: {marketplace: upper}}\n"
                        + "split: {group: customer_id, stratify: [marketplace]}");

        assertThat(byId(table, "marketplace", "title", "body", InputTable.GROUP, InputTable.STRATUM))
                .isEqualTo(Map.of(
                        "a", "US|5\" & more|good\ncheap|C<b>1</b>|US",
                        "b", "US|plain|write to [EMAIL]|C2|US",
                        "c", "US |plain|plain|C3|US ",
                        "d", "null|null|\u00e9|C4|null"));
        assertThat(steps(table))
                .isEqualTo(Map.of(
                        "a", List.of(CleaningStep.HTML, CleaningStep.CASE),
                        "b", List.of(CleaningStep.MASK_EMAIL),
                        "c", List.of(CleaningStep.CASE),
                        "d", List.of(CleaningStep.NFC, CleaningStep.REPLACEMENT)));
    }

    @Test
    void onlyTheColumnsNamedAreCleaned() throws IOException {
        Path in = write(row("a", "<b>C</b>", "us", "<b>t</b>", "<b>b</b>"));
        InputTable table =
                read(in, "clean: {steps: [html], columns: [body, customer_id]}\nsplit: {group: customer_id}");

        assertThat(byId(table, "title", "body", InputTable.GROUP)).isEqualTo(Map.of("a", "<b>t</b>|b|C"));
    }

    @Test
    void theIdAndWhatFollowsFromItComeBeforeCleaning() throws IOException {
        Path in = write(row("a", "C1", "us", "t", "dirty<br />text"), row("b", "C2", "us", "t", "plain"));
        Map<String, String> plain = byId(read(in, ""), InputTable.HASH);

        assertThat(byId(read(in, "clean: {steps: [html]}"), InputTable.HASH)).isEqualTo(plain);
        assertThatThrownBy(() -> read(in, "clean: {steps: [html], columns: [review_id]}"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("clean: 'review_id' is the rows' id, which stays as it is");
        assertThatThrownBy(() -> read(in, "clean: {steps: [html], columns: [star_rating]}"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("clean.columns: column 'star_rating' is of type int, not a text");
    }

    @Test
    void lengthsOutOfBoundsAreAReasonOnceTheTextIsClean() throws IOException {
        Path in = write(
                row("short", "C", "us", "t", "<b>ab</b>"),
                row("right", "C", "us", "t", "👍👍👍"),
                row("long", "C", "us", "t", "abcdef"),
                row("none", "C", "us", "t", null));
        InputTable table =
                read(in, "clean: {steps: [html], min_chars: {body: 3}, max_chars: {body: 5}, required: [title]}");

        assertThat(byId(table, InputTable.REASON))
                .isEqualTo(Map.of(
                        "short", "body has fewer than 3 characters",
                        "right", "null",
                        "long", "body has more than 5 characters",
                        "none", "body has fewer than 3 characters"));
    }

    @Test
    void tokensAreCountedByTheTokenizer() throws IOException {
        Path tokenizer = ProjectRoot.resolve("conf/tiny-base/tokenizer.json");
        Path in = write(
                row("short", "C", "us", "t", "The"),
                row("right", "C", "us", "t", "The dryer works well."),
                row("long", "C", "us", "t", "The dryer works well. ".repeat(20)));
        InputTable table =
                read(in, "clean: {min_tokens: {body: 2}, max_tokens: {body: 40}, tokenizer: " + tokenizer + "}");

        assertThat(byId(table, InputTable.REASON))
                .isEqualTo(Map.of(
                        "short", "body has fewer than 2 tokens",
                        "right", "null",
                        "long", "body has more than 40 tokens"));
        assertThat(table.rows().columns()).noneMatch(name -> name.startsWith("__tokens"));
        assertThatThrownBy(() -> read(
                        in,
                        "clean: {min_tokens: {body: 2}, tokenizer: "
                                + Files.writeString(directory.resolve("no.json"), "{}") + "}"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("clean.tokenizer: " + directory.resolve("no.json") + " is no tokenizer.json: ");
    }

    @Test
    void excludedRowsAreMarkedWhateverTheFormOfTheList() throws IOException {
        Path in =
                write(row("007", "C1", "us", "t", "b"), row("7", "C2", "us", "t", "b"), row("8", "C2", "us", "t", "b"));
        Path csv = Files.writeString(
                directory.resolve("erase.csv"), "requested,review_id\n2026-01-01, 007\n2026,nobody\n,\n");
        Path jsonl = Files.writeString(directory.resolve("erase.jsonl"), "{\"who\": \"C2\"}\n{\"who\": \"C2\"}\n");

        InputTable byId = read(in, "", "input.exclude=" + csv);
        assertThat(byId(byId, InputTable.EXCLUDED)).isEqualTo(Map.of("007", "true", "7", "false", "8", "false"));
        assertThat(byId.exclusion()).isEqualTo(new InputTable.Exclusion(2, 1));

        InputTable byCustomer = read(in, "", "input.exclude=" + jsonl, "input.exclude_by=customer_id");
        assertThat(byId(byCustomer, InputTable.EXCLUDED)).isEqualTo(Map.of("007", "false", "7", "true", "8", "true"));
        assertThat(byCustomer.exclusion()).isEqualTo(new InputTable.Exclusion(1, 0));

        assertThatThrownBy(() -> read(in, "", "input.exclude=" + csv, "input.exclude_column=id"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.exclude: " + csv + ": has no column 'id', but 'requested', 'review_id';"
                        + " input.exclude_column names the one with the ids");
        assertThatThrownBy(() -> read(in, "", "input.exclude=" + directory.resolve("none.csv")))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.exclude: " + directory.resolve("none.csv") + ": cannot be read: ");
        Path broken = Files.writeString(directory.resolve("broken.jsonl"), "{\"id\": \"a\"}\n{\"id\": \n");
        assertThatThrownBy(() -> read(in, "", "input.exclude=" + broken))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.exclude: " + broken + ": cannot be read: ");
    }

    @Test
    void excludingARowMovesNoOther() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(row("R" + i, "C" + i % 7, "us", "t", "b" + i));
        }
        Path in = write(rows.toArray(new Row[0]));
        Path list = Files.writeString(directory.resolve("erase.csv"), "id\nR3\nR4\nR5\n");
        String[] all = {InputTable.GROUP, InputTable.STRATUM, InputTable.HASH, InputTable.REASON};
        Map<String, String> before = byId(read(in, "", "input.limit=20"), all);

        assertThat(byId(read(in, "", "input.limit=20", "input.exclude=" + list), all))
                .isEqualTo(before);
    }

    @Test
    void aLimitTakesTheRowsOfAnIdTogether() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(row("R" + i / 2, "C", "us", "t", "b" + i)); // two of each id
        }
        Path in = write(rows.toArray(new Row[0]));

        assertThat(read(in, "", "input.limit=4").rows().count()).isEqualTo(4);
        assertThat(read(in, "", "input.limit=5").rows().count()).isEqualTo(6);
    }

    @Test
    void aConditionReachesTheFileAndOnlyColumnsInUseAreRead() throws IOException {
        Path in = write(row("a", "C1", "us", "t", "b"));
        InputTable table = read(
                in,
                "clean: {steps: [html], required: [body]}\nsplit: {stratify: [star_rating]}",
                "input.where=star_rating >= 4",
                "input.columns={body: body, title: upper(title)}");
        String whole = plan(table.rows());
        assertThat(whole)
                .contains("PushedFilters: [IsNotNull(star_rating), GreaterThanOrEqual(star_rating,4)]")
                .doesNotContain("customer_id");
        String counted =
                plan(table.rows().groupBy(InputTable.REASON, InputTable.STRATUM).count());
        assertThat(counted).contains("ReadSchema: struct<review_id:string,star_rating:int,body:string>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "good", "sorted", "counted"})
    void aTextIsCleanedOnceInAPlan(String use) throws IOException {
        Path in = write(row("a", "C1", "us", "t", "b"));
        InputTable table =
                read(in, "clean: {steps: [html, nfc], columns: [body], required: [body], min_chars: {body: 2}}");
        Dataset<Row> rows = table.rows();
        Dataset<Row> used =
                switch (use) {
                    case "good" -> rows.where(col(InputTable.REASON).isNull());
                    case "sorted" ->
                        rows.where(col(InputTable.REASON).isNull())
                                .repartition(2, col(InputTable.HASH))
                                .sortWithinPartitions("body");
                    case "counted" -> rows.groupBy(InputTable.REASON).count();
                    default -> rows;
                };

        assertThat(plan(used).split(RowCleaning.UDF + "\\(", -1)).hasSize(2);
        assertThat(plan(read(in, "clean: {required: [body]}").rows())).doesNotContain(RowCleaning.UDF);
    }

    @Test
    void partitionsAndNestedColumnsAreColumns() throws IOException {
        Path in = directory.resolve("partitioned");
        LocalSpark.session()
                .sql(
                        "SELECT 'a' review_id, 'x' body, 2015 year, named_struct('stars', 4, 'tags', array('p', 'q')) about"
                                + " UNION ALL SELECT 'b', 'y', 2016, named_struct('stars', 1, 'tags', array())")
                .write()
                .partitionBy("year")
                .parquet(in.toString());
        InputTable table = read(
                in,
                "split: {stratify: [year, stars]}",
                "input.columns={stars: about.stars, first: 'about.tags[0]'}",
                "input.where=year > 2014");

        assertThat(byId(table, "first", InputTable.STRATUM)).isEqualTo(Map.of("a", "p|2015|4", "b", "null|2016|1"));
        assertThat(plan(table.rows())).contains("PartitionFilters: [isnotnull(year");
    }

    @Test
    void aTableOfSparksCatalogIsRead() throws IOException {
        LocalSpark.session()
                .createDataFrame(List.of(row("a", "C", "us", "t", "b")), SCHEMA)
                .createOrReplaceTempView("reviews_view");

        assertThat(byId(table("input: {table: reviews_view}"), "body")).isEqualTo(Map.of("a", "b"));
        assertThatThrownBy(() -> table("input: {table: nobodys}"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.table: nobodys: [TABLE_OR_VIEW_NOT_FOUND]");
    }

    @Test
    void instructionsAreReadUnderEitherName() throws IOException {
        Path in = Files.writeString(directory.resolve("alpaca.json"), """
                [
                  {"instruction": "Add.", "input": "1 and 2", "response": "3 &amp; no more", "extra": 1},
                  {"instruction": "Greet.", "input": "", "output": "Hello"}
                ]
                """);
        InputTable table = table("input: {path: %s, format: json, form: alpaca}\nclean: {steps: [html]}".formatted(in));

        assertThat(table.columns()).containsExactlyInAnyOrder("instruction", "input", "output", "_corrupt_record");
        assertThat(table.rows().select("instruction", "input", "output").collectAsList())
                .containsExactlyInAnyOrder(
                        RowFactory.create("Add.", "1 and 2", "3 & no more"), RowFactory.create("Greet.", "", "Hello"));
        assertThatThrownBy(() -> read(write(row("a", "C", "us", "t", "b")), "", "input.form=alpaca"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.form is alpaca, but there is no column output or response; there are review_id,"
                        + " customer_id, marketplace, star_rating, title, body");
    }

    @Test
    void chatsAreReadInEitherForm() throws IOException {
        Path sharegpt = Files.writeString(directory.resolve("sharegpt.jsonl"), """
                {"id": "a", "conversations": [{"from": "human", "value": "Hi, a@b.com"}, {"from": "gpt", "value": "Hello"}]}
                {"id": "b", "conversations": [{"from": "system", "value": "Be brief."}, {"from": "human", "value": null}]}
                """);
        InputTable table =
                table("input: {path: %s, format: jsonl, form: messages, id: id}\nclean: {steps: [mask_email]}"
                        .formatted(sharegpt));

        assertThat(byId(table, "messages"))
                .isEqualTo(Map.of(
                        "a", "WrappedArray([user,Hi, [EMAIL]], [assistant,Hello])",
                        "b", "WrappedArray([system,Be brief.], [user,null])"));
        assertThat(steps(table)).isEqualTo(Map.of("a", List.of(CleaningStep.MASK_EMAIL), "b", List.of()));

        Path chat = Files.writeString(
                directory.resolve("chat.jsonl"),
                "{\"id\": \"c\", \"messages\": [{\"role\": \"User\", \"content\": \"Hi\"}]}\n");
        assertThat(byId(table("input: {path: %s, format: jsonl, form: messages, id: id}".formatted(chat)), "messages"))
                .isEqualTo(Map.of("c", "WrappedArray([user,Hi])"));
        Path odd = Files.writeString(directory.resolve("odd.jsonl"), "{\"messages\": \"Hi\"}\n");
        assertThatThrownBy(() -> table("input: {path: %s, format: jsonl, form: messages}".formatted(odd)))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.form is messages, but the column messages is of type string, not a list of role and"
                        + " content, or from and value, each a text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            input: {}                                        | input.path: is required, or input.table
            input: {path: a, table: b}                       | input.path and input.table: give one of them
            clean: {steps: [case]}                           | clean.steps: case needs clean.categories, the columns and their case
            clean: {categories: {a: upper}}                  | clean.categories: is given, but clean.steps has no case
            clean: {steps: [case], categories: {a: Upper}}   | clean.categories.a: must be one of lower, upper, title, but is Upper
            clean: {columns: [a]}                            | clean.columns: is given, but clean.steps is empty
            clean: {min_tokens: {a: 1}}                      | clean.tokenizer: is required by clean.min_tokens and clean.max_tokens
            clean: {tokenizer: t}                            | clean.tokenizer: is given, but neither clean.min_tokens nor clean.max_tokens
            clean: {min_chars: {a: 9}, max_chars: {a: 8}}    | clean.max_chars.a: must be at least clean.min_chars.a, 9, but is 8
            clean: {max_chars: {a: 0}}                       | clean.max_chars.a: must be at least 1, but is 0
            input: {path: a, exclude_by: b}                  | input.exclude_by: is given, but no input.exclude
            templates: {}                                    | templates.dataset: is required, unless input.form is alpaca or messages, which have templates of their own
            privacy: {group_id: none, group_key_file: k}     | privacy.group_key_file: is given, but privacy.group_id is none
            """)
    void settingsThatContradictEachOtherAreRefusedBeforeAnythingIsRead(String yaml, String message) {
        Map<String, String> others = new HashMap<>(Map.of("input", "{path: a}", "templates", "{dataset: reviews}"));
        others.remove(yaml.substring(0, yaml.indexOf(':')));
        StringBuilder whole = new StringBuilder("output: o\n" + yaml + "\n");
        others.forEach(
                (key, value) -> whole.append(key).append(": ").append(value).append('\n'));

        assertThatThrownBy(() -> Preparation.check(Settings.read("t", whole.toString(), List.of(), Set.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    private static Row row(String id, String customer, String marketplace, String title, String body) {
        return RowFactory.create(id, customer, marketplace, 5, title, body);
    }

    private Path write(Row... rows) {
        Path in = directory.resolve("in");
        LocalSpark.session()
                .createDataFrame(List.of(rows), SCHEMA)
                .write()
                .mode("overwrite")
                .parquet(in.toString());
        return in;
    }

    private static InputTable read(Path in, String yaml, String... sets) throws IOException {
        return table("input: {path: " + in + "}\n" + yaml, sets);
    }

    private static InputTable table(String yaml, String... sets) throws IOException {
        Settings settings = Settings.read(
                "t",
                "output: o\ntemplates: {dataset: reviews}\n" + yaml,
                List.of(sets),
                Set.of("input", "clean", "split"));
        Preparation.check(settings);
        return InputTable.read(LocalSpark.session(), settings.input(), settings.clean(), settings.split());
    }

    /** Id → the values of some columns, joined by a bar. */
    private static Map<String, String> byId(InputTable table, String... columns) {
        Map<String, String> values = new HashMap<>();
        for (Row row : table.rows().collectAsList()) {
            List<String> texts = new ArrayList<>();
            for (String column : columns) {
                texts.add(String.valueOf(row.<Object>getAs(column)));
            }
            values.put(row.getAs(InputTable.ID), String.join("|", texts));
        }
        return values;
    }

    private static Map<String, List<CleaningStep>> steps(InputTable table) {
        Map<String, List<CleaningStep>> steps = new HashMap<>();
        for (Row row : table.rows().collectAsList()) {
            steps.put(row.getAs(InputTable.ID), CleaningStep.of(row.<Long>getAs(InputTable.CLEANED)));
        }
        return steps;
    }

    private static String plan(Dataset<Row> rows) {
        return rows.queryExecution().executedPlan().toString();
    }
}
