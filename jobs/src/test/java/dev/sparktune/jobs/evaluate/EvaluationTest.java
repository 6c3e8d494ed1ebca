package dev.sparktune.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleWriter;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's body on two random models: base and “instruct”, rating and naming. */
class EvaluationTest {
    private static final List<String> STARS = List.of("1", "2", "3", "4", "5");
    private static final int RATED = 100; // more than one part

    @TempDir
    private static Path root;

    private static JobResult base;
    private static JobResult instruct;
    private static JobResult mixture;

    @BeforeAll
    static void evaluateBoth() throws Exception {
        List<Example> test = new ArrayList<>();
        for (int i = 0; i < RATED; i++) {
            test.add(rating("e" + i, "Review " + i + " </script> {{ 7*7 }}", STARS.get(i % 5)));
        }
        test.add(rating("long", "x".repeat(TinyModel.CONTEXT_TOKENS), "5"));
        test.add(rating("unlabelled", "fine", "6"));
        List<Example> train = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            test.add(naming("n" + i, "Charlie the cat sat."));
            train.add(naming("tn" + i, "Ada the owl flew."));
            train.add(rating("t" + i, "Nice " + i, STARS.get(i % 5)));
        }
        write("test", test);
        write("train", train);
        TinyModel.write(root.resolve("base"), 1);
        TinyModel.write(root.resolve("model"), 2);
        TinyModel.write(root.resolve("mixture"), 3);
        Files.writeString(
                root.resolve("model/training.jsonl"), "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":1.5}\n");

        base = evaluate("base", List.of("evaluate.model=" + root.resolve("base")));
        Files.writeString(root.resolve("evaluate/base/metrics.json"), "{}");
        instruct = evaluate("instruct", List.of("evaluate.baseline=base"));
        Files.writeString(root.resolve("evaluate/instruct/metrics.json"), "{}");
        mixture = evaluate(
                "mixture",
                List.of(
                        "evaluate.model=" + root.resolve("mixture"),
                        "evaluate.baseline=base",
                        "evaluate.compare=[" + root + "/evaluate/instruct/]",
                        "evaluate.shots=[0]"));
    }

    @Test
    void everyExampleIsScoredOrSetAsideWithAReason() {
        assertThat(base.counts())
                .containsEntry("examples", 2L * (RATED + 2 + 20))
                .containsEntry("scored", 2L * (RATED + 20))
                .containsEntry("set_aside_too_long", 2L)
                .containsEntry("set_aside_without_label", 2L);
    }

    @Test
    void predictionsAreOneRowForEachExampleAndNumberOfShots() {
        List<Prediction> predictions = PredictionTable.read(
                LocalSpark.session(),
                root.resolve("evaluate/instruct/predictions").toString());

        assertThat(predictions).hasSize(2 * (RATED + 2 + 20));
        assertThat(predictions)
                .filteredOn(p -> p.shots() == 2)
                .allMatch(p -> p.shotIds().size() == 2);
        Prediction rated = predictions.stream()
                .filter(p -> p.id().equals("e7") && p.shots() == 0)
                .findFirst()
                .orElseThrow();
        assertThat(rated.label()).isEqualTo("3");
        assertThat(rated.choiceScores()).hasSize(5);
        double best = rated.choiceScores().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        assertThat(rated.prediction()).isEqualTo(STARS.get(rated.choiceScores().indexOf(best)));
        assertThat(rated.nll()).isEqualTo(-rated.choiceScores().get(2));
        assertThat(rated.targetTokens()).isEqualTo(2); // a space and a digit, in this tokenizer of bytes
        Prediction named = predictions.stream()
                .filter(p -> p.id().equals("n3") && p.shots() == 0)
                .findFirst()
                .orElseThrow();
        assertThat(named.choiceScores()).isNull();
        assertThat(named.rougeL()).isBetween(0.0, 1.0);
        assertThat(named.finishReason()).isIn("stop", "length");
    }

    @Test
    void predictionsAreInTheOrderOfTheExamplesHoweverManyPartsAnswerThem() {
        List<Prediction> predictions = PredictionTable.read(
                LocalSpark.session(),
                root.resolve("evaluate/instruct/predictions").toString());

        for (int shots : List.of(0, 2)) {
            assertThat(predictions)
                    .filteredOn(p -> p.shots() == shots && p.task().equals("rate"))
                    .extracting(Prediction::id)
                    .containsExactlyElementsOf(idsByHash("rate"));
        }
    }

    private static List<String> idsByHash(String task) {
        return LocalSpark.session()
                .read()
                .parquet(root.resolve("data/prompt_completion/test").toString())
                .where("task = '" + task + "'")
                .orderBy(functions.xxhash64(functions.col("id")))
                .select("id")
                .as(Encoders.STRING())
                .collectAsList();
    }

    @Test
    void shotsCostTokens() {
        List<Map<String, Object>> contexts = entries(base, "context_tokens");

        assertThat(contexts).hasSize(4);
        assertThat((double) contexts.get(1).get("mean"))
                .isGreaterThan((double) contexts.get(0).get("mean") + 2 * "Nice 1\nStars: 5".length());
    }

    @Test
    void resultsNameModelTaskShotsAndMetricWithInterval() {
        assertThat(entries(instruct, "results")).hasSize(2 * (4 + 3)).first().satisfies(entry -> assertThat(entry)
                .containsEntry("model", root + "/model")
                .containsEntry("task", "rate")
                .containsEntry("template", "t-rate")
                .containsEntry("shots", 0)
                .containsEntry("split", "test")
                .containsEntry("metric", "accuracy")
                .containsEntry("n", RATED)
                .containsKeys("adapter", "value", "low", "high"));
        assertThat(entries(base, "delta")).isEmpty();
        assertThat(entries(instruct, "delta")).hasSize(2 * (4 + 3)).allSatisfy(entry -> assertThat(entry)
                .containsEntry("baseline", "base"));
        assertThat(entries(instruct, "distribution").get(0).get("labels"))
                .isEqualTo(Map.of("1", 20L, "2", 20L, "3", 20L, "4", 20L, "5", 20L));
    }

    @Test
    void theReportShowsTrainingAndComparisonAndTheLastLineSaysWhereItIs() throws Exception {
        assertThat(Files.readString(root.resolve("evaluate/instruct/report.html")))
                .contains("What was gained, what was forgotten")
                .contains("id=\"training\"")
                .contains("Review ")
                .doesNotContain("</script> {{ 7*7 }}");
        assertThat(instruct.summary())
                .contains("rate, zero-shot, " + RATED + " examples")
                .endsWith("report: " + root + "/evaluate/instruct/report.html");
    }

    @Test
    void severalEarlierEvaluationsEachHaveTheirDifference() throws Exception {
        assertThat(entries(mixture, "delta"))
                .hasSize(2 * (4 + 3))
                .extracting(entry -> entry.get("baseline"))
                .containsOnly("base", "instruct");
        for (JobResult other : List.of(base, instruct)) {
            String name = other == base ? "base" : "instruct";
            assertThat(entries(mixture, "delta"))
                    .filteredOn(entry -> entry.get("baseline").equals(name))
                    .hasSize(4 + 3)
                    .allSatisfy(entry -> {
                        double theirs = (double) figure(other, entry).get("value");
                        double ours = (double) figure(mixture, entry).get("value");
                        assertThat((double) entry.get("baseline_value")).isEqualTo(theirs);
                        assertThat((double) entry.get("value")).isCloseTo(ours - theirs, within(1e-9));
                    });
        }
        assertThat(entries(mixture, "distribution").get(0))
                .containsKeys("baseline_predictions")
                .extractingByKey("compared_predictions", map(String.class, Object.class))
                .containsOnlyKeys("instruct");
        assertThat(mixture.summary())
                .containsPattern("rate, zero-shot, " + RATED + " examples +base +instruct +mixture\n");
        assertThat(Files.readString(root.resolve("evaluate/mixture/report.html")))
                .contains(">difference</th>", ">against base</th>", ">against instruct</th>");
    }

    /** The result of an evaluation for the same task and metric. */
    private static Map<String, Object> figure(JobResult of, Map<String, Object> like) {
        return entries(of, "results").stream()
                .filter(entry -> List.of("task", "shots", "metric").stream()
                        .allMatch(key -> entry.get(key).equals(like.get(key))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSameSettingsGiveTheSameResults() throws Exception {
        assertThat(evaluate("again", List.of("evaluate.model=" + root.resolve("base")))
                        .metrics())
                .isEqualTo(base.metrics());
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> evaluate("x", List.of("evaluate.tasks=[sing]")))
                .hasMessageContaining("evaluate.tasks: no row of the test split of ")
                .hasMessageEndingWith(" has the task 'sing'; its tasks are [name, rate]");
        assertThatThrownBy(() -> evaluate("x", List.of("evaluate.split=validation")))
                .hasMessageStartingWith("no validation split: neither ");
        assertThatThrownBy(() -> evaluate("x", List.of("evaluate.baseline=nobody")))
                .hasMessage("evaluate.baseline: " + root + "/evaluate/nobody is no finished evaluation: it has no"
                        + " metrics.json");
        assertThatThrownBy(() -> evaluate("x", List.of("evaluate.baseline=base", "evaluate.compare=[nobody]")))
                .hasMessage("evaluate.compare: " + root + "/evaluate/nobody is no finished evaluation: it has no"
                        + " metrics.json");
        assertThatThrownBy(() -> evaluate("x", List.of("evaluate.shots=[99]")))
                .hasMessageStartingWith("evaluate.shots: 99 shots wanted for task 'rate', but its train split has 20 ");
    }

    @Test
    void rowsWithoutTextAreSetAsideAndTheReportShowsNoTextThatItMayNot() throws Exception {
        List<Row> rows = List.of(
                RowFactory.create("Secret one\nStars:", " 5", "5"),
                RowFactory.create(null, " 5", "5"),
                RowFactory.create("Secret two\nStars:", null, null));
        Path data = plain("gaps", "prompt STRING, completion STRING, target_label STRING", rows);

        JobResult result = evaluate(
                "gaps", List.of("data=" + data, "evaluate.tasks=[]", "evaluate.shots=[0]", "privacy.examples=false"));

        assertThat(result.counts())
                .containsEntry("examples", 3L)
                .containsEntry("scored", 1L)
                .containsEntry("set_aside_without_text", 2L);
        List<Prediction> predictions = PredictionTable.read(
                LocalSpark.session(), root.resolve("evaluate/gaps/predictions").toString());
        assertThat(predictions)
                .filteredOn(p -> !p.scored())
                .extracting(Prediction::prompt, Prediction::label, Prediction::setAside)
                .containsExactlyInAnyOrder(
                        tuple(null, "5", "the prompt or the completion is null"),
                        tuple("Secret two\nStars:", null, "the prompt or the completion is null"));
        assertThat(predictions).filteredOn(Prediction::scored).singleElement().satisfies(p -> assertThat(p.prompt())
                .startsWith("Secret one"));
        assertThat(Files.readString(root.resolve("evaluate/gaps/report.html")))
                .contains("set aside: 2 (the prompt or the completion is null)")
                .doesNotContain("Secret");
    }

    @Test
    void aConversationIsNoPrompt() {
        String turns = "array<struct<role:string,content:string>>";
        List<Row> rows = List.of(RowFactory.create(List.of(RowFactory.create("user", "Hello?")), " 5"));
        Path data = plain("chat", "prompt " + turns + ", completion STRING", rows);

        assertThatThrownBy(() -> evaluate("chat", List.of("data=" + data, "evaluate.tasks=[]")))
                .hasMessage(data + ": the test split: the column 'prompt' must hold strings, but holds " + turns);
    }

    private static Path plain(String name, String schema, List<Row> rows) {
        Path data = root.resolve(name);
        LocalSpark.session()
                .createDataFrame(rows, StructType.fromDDL(schema))
                .write()
                .parquet(data.resolve("test").toString());
        return data;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> entries(JobResult result, String name) {
        return (List<Map<String, Object>>) result.metrics().get(name);
    }

    private static JobResult evaluate(String name, List<String> sets) throws Exception {
        String yaml = """
                output: %s
                evaluate: {name: %s, tasks: [rate, name], shots: [0, 2], max_new_tokens: 4, bootstrap_resamples: 100}
                """.formatted(root, name);
        Settings settings = Settings.read("test.yaml", yaml, sets, Set.of("output", "data", "evaluate"));
        Locations locations = new Locations(new Configuration());
        String output = root + "/evaluate/" + name;
        JobContext job =
                new JobContext("evaluate", LocalSpark.session(), settings, locations, locations.path(output), false);
        return new Evaluation(job, output).run();
    }

    private static void write(String split, List<Example> examples) throws Exception {
        Path directory = Files.createDirectories(root.resolve("data/prompt_completion/" + split));
        try (ExampleWriter writer = new ExampleWriter(
                new Configuration(),
                new org.apache.hadoop.fs.Path(
                        directory.resolve("part-0.parquet").toUri()))) {
            for (Example example : examples) {
                writer.add(example);
            }
        }
    }

    private static Example rating(String id, String text, String label) {
        return new Example(
                id, "g-" + id, label, "made up", "rate", "t-rate", "h", text + "\nStars:", " " + label, STARS, label);
    }

    private static Example naming(String id, String text) {
        return new Example(
                id, "g-" + id, null, "made up", "name", "t-name", "h", text + " Who?", " Charlie", null, "Charlie");
    }
}
