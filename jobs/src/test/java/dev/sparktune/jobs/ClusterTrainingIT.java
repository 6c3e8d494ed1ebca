package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.MountNamespace;
import dev.sparktune.jobs.testing.SmallData;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.StandaloneCluster;
import dev.sparktune.model.hf.HfModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** Fine-tuning on the executors of a real standalone cluster: a master and three workers, each a JVM of its own. */
class ClusterTrainingIT {
    private static final int STEPS = 50;

    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;

    /** What two executors make, unbroken. */
    private static Path two;

    @BeforeAll
    static void startAndTrain() throws Exception {
        cluster = StandaloneCluster.start(3, "3g");
        SmallData.write(directory.resolve("data"), 160, 40);
        Files.writeString(directory.resolve("cluster.yaml"), """
                output: made
                data: data
                model: {base: "classpath:conf/tiny-base"}
                train: {max_steps: %d, global_batch_size: 12, max_length: 64, eval_steps: 10, save_steps: 10,
                  learning_rate: 1.0e-3, weight_decay: 0.1, slots_timeout: 30}
                """.formatted(STEPS));
        two = finetuned(2, "two");
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void oneTwoAndThreeExecutorsGiveTheSameModelToRounding() throws Exception {
        float[] parameters = parameters(two);
        for (int workers : new int[] {1, 3}) {
            Path other = finetuned(workers, "with-" + workers);

            List<Double> losses = validationLosses(other);
            assertThat(losses).hasSize(STEPS / 10);
            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i) / validationLosses(two).get(i)).isCloseTo(1, within(1e-4));
            }
            assertThat(largestDifference(parameters(other), parameters)).isLessThan(2e-4);
            assertThat(metrics(other).at("/metrics/workers").asInt()).isEqualTo(workers);
        }
    }

    @Test
    void theSameExecutorsGiveTheSameBytes() throws Exception {
        assertThat(finetuned(2, "again").resolve("model.safetensors"))
                .hasSameBinaryContentAs(two.resolve("model.safetensors"));
    }

    @Test
    void anExecutorThatIsKilledCostsTheUpdatesSinceTheLastCheckpointOnly() throws Exception {
        Path output = directory.resolve("executor-killed");
        try (SparkSubmit.Running finetune = start(2, output)) {
            awaitCheckpoint(finetune, output, 10);
            cluster.executors().get(0).destroyForcibly();

            Outcome outcome = finetune.await();

            assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
            assertThat(outcome.stderr())
                    .contains("finetune: a worker was lost; all start again from the last checkpoint")
                    .containsPattern("finetune: going on from the checkpoint of update \\d+");
        }
        assertThat(output.resolve("model/model.safetensors")).hasSameBinaryContentAs(two.resolve("model.safetensors"));
        assertThat(steps(output.resolve("model"))).isEqualTo(steps(two));
    }

    @Test
    void aDriverThatIsKilledGoesOnWhenItIsSubmittedAgainAndWhatAWorkerFailsOfIsSaid() throws Exception {
        Path output = directory.resolve("driver-killed");
        try (SparkSubmit.Running finetune = start(2, output)) {
            awaitCheckpoint(finetune, output, 10);
            finetune.kill();
        }
        assertThat(cluster.executorsLeft()).isEmpty();

        Path shard;
        try (Stream<Path> files = Files.walk(unfinished(output))) {
            shard = files.filter(file -> file.getParent().endsWith("tokens/train")
                            && file.getFileName().toString().startsWith("part-"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        flipBytes(shard);
        Outcome broken = submit(2).run("Finetune", arguments(output));
        assertThat(broken.exitCode()).as(broken.stderr()).isEqualTo(1);
        assertThat(broken.stderr())
                .containsPattern(
                        "sparktune finetune: worker \\d on 127\\.0\\.0\\.1: the token shard .*" + shard.getFileName()
                                + " was altered: the checksum of its example at byte \\d+ does not match");
        assertThat(cluster.executorsLeft()).isEmpty();
        flipBytes(shard);

        Outcome outcome = submit(2).run("Finetune", arguments(output));
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).containsPattern("finetune: going on from the checkpoint of update \\d+");
        assertThat(output.resolve("model/model.safetensors")).hasSameBinaryContentAs(two.resolve("model.safetensors"));
    }

    @Test
    void anotherNumberOfExecutorsGoesOnWhereAKilledDriverLeft() throws Exception {
        Path output = directory.resolve("driver-killed-then-three");
        try (SparkSubmit.Running finetune = start(2, output)) {
            awaitCheckpoint(finetune, output, 20);
            finetune.kill();
        }
        assertThat(cluster.executorsLeft()).isEmpty();

        Outcome outcome = submit(3).run("Finetune", arguments(output, "train.workers=3"));

        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).containsPattern("finetune: going on from the checkpoint of update \\d+");
        assertThat(largestDifference(parameters(output.resolve("model")), parameters(two)))
                .isLessThan(2e-4);
    }

    @Test
    void anAdapterGoesOnToo() throws Exception {
        String[] lora = {
            "train.method=lora", "lora.r=4", "lora.dropout=0.1", "lora.target_modules=all-linear", "train.workers=2"
        };
        Path unbroken = directory.resolve("adapter");
        Outcome whole = submit(2).run("Finetune", arguments(unbroken, lora));
        assertThat(whole.exitCode()).as(whole.stderr()).isZero();

        Path output = directory.resolve("adapter-killed-then-three");
        try (SparkSubmit.Running finetune = submit(2).start("Finetune", arguments(output, lora))) {
            awaitCheckpoint(finetune, output, 20);
            finetune.kill();
        }
        assertThat(cluster.executorsLeft()).isEmpty();
        lora[lora.length - 1] = "train.workers=3";
        Outcome outcome = submit(3).run("Finetune", arguments(output, lora));

        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).containsPattern("finetune: going on from the checkpoint of update \\d+");
        float[] merged = parameters(unbroken.resolve("model"));
        assertThat(largestDifference(parameters(output.resolve("model")), merged))
                .isLessThan(2e-4);
        assertThat(largestDifference(merged, parameters(Path.of("../conf/tiny-base"))))
                .isGreaterThan(1e-2);
        assertThat(output.resolve("adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void executorsThatDoNotComeAreNamedInTime() throws Exception {
        Outcome outcome = submit(5)
                .run("Finetune", arguments(directory.resolve("too-few"), "train.workers=5", "train.slots_timeout=5"));

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("finetune: waiting for 5 executors; ")
                .containsPattern(
                        "sparktune finetune: train\\.workers is 5, but [0-3] of so many executors came within 5 s"
                                + " \\(train\\.slots_timeout\\)");
    }

    @Test
    void anOutputThatExecutorsDoNotShareIsFoundOutAtTheStart() throws Exception {
        Path hidden = Files.createDirectory(directory.resolve("hidden"));

        Outcome outcome = submit(2)
                .through(MountNamespace.command("mount -t tmpfs none '%s'".formatted(hidden)))
                .run("Finetune", arguments(hidden));

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr())
                .containsPattern("(?m)^sparktune finetune: output must be on storage that the driver and all executors"
                        + " share, but 127\\.0\\.0\\.1 \\(executor \\d\\) does not see what the driver wrote to file:"
                        + hidden)
                .doesNotContain("finetune: tokenize");
    }

    /** Trains with so many executors; the model's directory. */
    private static Path finetuned(int workers, String name) throws Exception {
        Path output = directory.resolve(name);
        Outcome outcome = submit(workers).run("Finetune", arguments(output));
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        return output.resolve("model");
    }

    private static SparkSubmit.Running start(int workers, Path output) throws IOException {
        return submit(workers).start("Finetune", arguments(output));
    }

    private static SparkSubmit submit(int workers) {
        return SparkSubmit.in(directory)
                .with("--master", cluster.url(), "--executor-cores", "1", "--conf", "spark.cores.max=" + workers)
                .with("--executor-memory", "1g", "--conf", "spark.executor.memoryOverhead=2g");
    }

    private static String[] arguments(Path output, String... sets) {
        List<String> arguments = new ArrayList<>(List.of("--config", "cluster.yaml", "--set", "output=" + output));
        Arrays.stream(sets).forEach(set -> arguments.addAll(List.of("--set", set)));
        return arguments.toArray(String[]::new);
    }

    private static Path unfinished(Path output) {
        return output.resolve("model.__partial");
    }

    private static void awaitCheckpoint(SparkSubmit.Running finetune, Path output, int step) throws Exception {
        while (finetune.isAlive()) {
            if (Files.exists(unfinished(output).resolve("checkpoints/checkpoint-" + step + "/manifest.json"))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("ended before checkpoint " + step + ": " + finetune.stderr());
    }

    private static void flipBytes(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            // of every example in the first half, so that an update soon meets one
            for (long at = 40; at < bytes.length() / 2; at += 40) {
                bytes.seek(at);
                int value = bytes.read();
                bytes.seek(at);
                bytes.write(value ^ 1);
            }
        }
    }

    private static JsonNode metrics(Path model) throws IOException {
        return new ObjectMapper().readTree(model.resolve("metrics.json").toFile());
    }

    private static List<JsonNode> log(Path model) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(model.resolve("training.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static List<Integer> steps(Path model) throws IOException {
        return log(model).stream().map(line -> line.get("step").asInt()).toList();
    }

    private static List<Double> validationLosses(Path model) throws IOException {
        return log(model).stream()
                .filter(line -> line.has("eval_loss"))
                .map(line -> line.get("eval_loss").asDouble())
                .toList();
    }

    private static float[] parameters(Path model) {
        HfModel.Loaded loaded = HfModel.load(model, DataType.FLOAT);
        try {
            return loaded.decoder().parameters().toFloatVector();
        } finally {
            loaded.decoder().close();
        }
    }

    private static double largestDifference(float[] one, float[] other) {
        assertThat(one).hasSameSizeAs(other);
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }
}
