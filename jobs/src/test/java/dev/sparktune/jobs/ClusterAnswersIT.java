package dev.sparktune.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleWriter;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.jobs.testing.MountNamespace;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.StandaloneCluster;
import dev.sparktune.model.kernel.KernelThreads;
import dev.sparktune.synthetic.SyntheticEntities;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same questions to a model on one thread of this JVM and on a cluster of two executors with a thread each. */
class ClusterAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TABLES = List.of("evaluate/any/predictions", "generate/completions");

    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static JobResult evaluatedAlone;
    private static JobResult generatedAlone;

    @BeforeAll
    static void ask() throws Exception {
        write("train", 0, 40);
        write("test", 40, 140);
        Files.writeString(directory.resolve("ask.yaml"), settings("together", Path.of("data")));
        cluster = StandaloneCluster.start(2);
        for (String job : List.of("Evaluate", "Generate")) {
            Outcome outcome = onCluster().run(job, "--config", "ask.yaml");
            assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        }
        askInThisJvm();
    }

    private static void askInThisJvm() throws Exception {
        String threads = System.setProperty(KernelThreads.PROPERTY, "1");
        try {
            String yaml = settings(directory.resolve("alone").toString(), directory.resolve("data"));
            Settings settings =
                    Settings.read("ask.yaml", yaml, List.of(), Set.of("output", "data", "evaluate", "generate"));
            evaluatedAlone = EvaluateJob.run(context("evaluate", settings, "evaluate/any"));
            generatedAlone = GenerateJob.run(context("generate", settings, "generate"));
        } finally {
            System.setProperty(KernelThreads.PROPERTY, threads);
        }
    }

    private static String settings(String output, Path data) {
        return """
                output: %s
                data: %s
                evaluate: {name: any, model: "classpath:conf/tiny-base", shots: [0, 2], max_new_tokens: 6, bootstrap_resamples: 100}
                generate:
                  input: [%2$s/prompt_completion/test]
                  prompt_column: prompt
                  id_column: id
                  model: "classpath:conf/tiny-base"
                  max_new_tokens: 6
                  rows_per_part: 50
                """.formatted(output, data);
    }

    private static JobContext context(String job, Settings settings, String output) throws IOException {
        Locations locations = new Locations(new Configuration());
        return new JobContext(
                job,
                LocalSpark.session(),
                settings,
                locations,
                locations.path(settings.output() + "/" + output),
                false);
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void metricsAreTheSame() throws Exception {
        assertThat(metrics("evaluate/any").get("counts")).isEqualTo(tree(evaluatedAlone.counts()));
        assertThat(metrics("generate").get("counts")).isEqualTo(tree(generatedAlone.counts()));
        assertThat(metrics("evaluate/any").get("metrics")).isNotEmpty().isEqualTo(tree(evaluatedAlone.metrics()));
    }

    @Test
    void predictionsAndCompletionsAreTheSameBitForBit() {
        for (String table : TABLES) {
            assertThat(table("together", table).collectAsList())
                    .hasSizeGreaterThan(150)
                    .isEqualTo(table("alone", table).collectAsList());
        }
    }

    @Test
    void everyExecutorLoadedTheModelOnce() throws Exception {
        List<Long> timesLoaded = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            try (Stream<Path> files = Files.walk(cluster.workDirectory(worker))) {
                for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
                    timesLoaded.add(Files.readAllLines(log).stream()
                            .filter(line -> line.startsWith("loaded the model "))
                            .count());
                }
            }
        }

        assertThat(timesLoaded).hasSize(4).containsOnly(1L);
    }

    @Test
    void pandasDuckDbAndDatasetsReadTheAnswers() throws Exception {
        PythonEnv.require();
        for (String table : TABLES) {
            List<JsonNode> ours = new ArrayList<>();
            for (String row : asJson(table("together", table))) {
                ours.add(JSON.readTree(row));
            }

            JsonNode read = JSON.readTree(PythonEnv.run(
                    ProjectRoot.resolve("jobs/src/test/python/read_answers.py"),
                    directory.resolve("together").resolve(table)));

            for (String reader : List.of("by_pandas", "by_duckdb", "by_datasets")) {
                assertThat(read.get(reader)).as(reader + " of " + table).containsExactlyInAnyOrderElementsOf(ours);
            }
        }
    }

    @Test
    void aModelThatOnlyTheDriverSeesIsRefusedWithTheHost() throws Exception {
        Path hidden = Files.createDirectory(directory.resolve("hidden"));
        Path model = ProjectRoot.resolve("conf/tiny-base");

        Outcome outcome = onCluster()
                .with("--conf", "spark.cores.max=1") // one executor will do
                .through(
                        MountNamespace.command("mount -t tmpfs none '%s' && cp '%s'/* '%1$s'".formatted(hidden, model)))
                .run("Generate", "--config", "ask.yaml", "--set", "output=x", "--set", "generate.model=hidden");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr())
                .containsPattern(
                        "(?m)^sparktune generate: generate\\.model: executor \\d on 127\\.0\\.0\\.1 cannot load file:"
                                + hidden
                                + ", which the driver could read; it must lie on storage that every executor sees, or be"
                                + " classpath:… .*config\\.json.*$");
    }

    private static SparkSubmit onCluster() {
        return SparkSubmit.in(directory)
                .with("--master", cluster.url(), "--executor-cores", "1", "--executor-memory", "1g")
                // both executors get their share: without it one may be done before the other has started
                .with("--conf", "spark.cores.max=2", "--conf", "spark.scheduler.minRegisteredResourcesRatio=1")
                // many clusters have it; it knows no records
                .with("--conf", "spark.serializer=org.apache.spark.serializer.KryoSerializer");
    }

    private static JsonNode metrics(String output) throws IOException {
        return JSON.readTree(directory
                .resolve("together")
                .resolve(output)
                .resolve("metrics.json")
                .toFile());
    }

    private static JsonNode tree(Object metrics) throws IOException {
        return JSON.readTree(Json.write(metrics));
    }

    private static Dataset<Row> table(String root, String table) {
        return LocalSpark.session()
                .read()
                .parquet(directory.resolve(root).resolve(table).toString());
    }

    private static List<String> asJson(Dataset<Row> table) {
        return table.select(to_json(struct(col("*")), Map.of("ignoreNullFields", "false")))
                .as(Encoders.STRING())
                .collectAsList();
    }

    /** Of each sentence two tasks: to name somebody, and to choose a kind. */
    private static void write(String split, int from, int to) throws IOException {
        Path file = Files.createDirectories(directory.resolve("data/prompt_completion/" + split))
                .resolve("part-0.parquet");
        List<String> kinds = List.of("cat", "dog", "owl");
        try (ExampleWriter writer =
                new ExampleWriter(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()))) {
            for (SyntheticEntities.NamedEntity e :
                    new SyntheticEntities(7).rows(from, to).toList()) {
                String kind = kinds.get(e.sentence().length() % kinds.size());
                writer.add(new Example(
                        e.id() + "-name",
                        e.id(),
                        null,
                        "made up",
                        "name",
                        "t-name",
                        "h",
                        e.sentence() + "\nWhat is the name of the " + e.kind() + "?",
                        " " + e.name(),
                        null,
                        e.name()));
                writer.add(new Example(
                        e.id() + "-kind",
                        e.id(),
                        kind,
                        "made up",
                        "kind",
                        "t-kind",
                        "h",
                        e.sentence() + "\nWho was it?",
                        " " + kind,
                        kinds,
                        kind));
            }
        }
    }
}
