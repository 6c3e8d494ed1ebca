package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.NamespacedHosts;
import dev.sparktune.jobs.testing.SmallData;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning by two workers over a network: every executor on a host of its own, with an address of its own, one to spare. */
class NamespacedHostsIT {
    private static final int STEPS = 40;

    @TempDir
    static Path directory;

    private static NamespacedHosts hosts;
    private static StandaloneCluster cluster;

    /** What the hosts sent each other in an unbroken run. */
    private static long exchanged;

    @BeforeAll
    static void startAndTrain() throws Exception {
        hosts = NamespacedHosts.make(3);
        cluster = StandaloneCluster.start(hosts);
        SmallData.write(directory.resolve("data"), 160, 20);
        Files.writeString(directory.resolve("hosts.yaml"), """
                data: data
                model: {base: "classpath:conf/tiny-base"}
                train: {workers: 2, max_steps: %d, global_batch_size: 8, max_length: 64, eval_steps: 20, save_steps: 5,
                  learning_rate: 1.0e-3, slots_timeout: 30}
                """.formatted(STEPS));
        long before = hosts.bytesBetween();
        try (SparkSubmit.Running finetune = start("unbroken")) {
            succeed(finetune);
        }
        exchanged = hosts.bytesBetween() - before;
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void whatIsExchangedGoesFromHostToHostAndNothingElseDoes() throws Exception {
        long parameters = new ObjectMapper()
                .readTree(model("unbroken").resolve("metrics.json").toFile())
                .at("/metrics/parameters")
                .asLong();

        // Of two workers each sends half of its gradient and half of the parameters.
        assertThat(exchanged)
                .isBetween(2 * STEPS * Float.BYTES * parameters, 2 * STEPS * Float.BYTES * parameters * 5 / 4);
    }

    @Test
    void aHostThatIsCutOffIsReplacedAndTheModelIsTheSame() throws Exception {
        try (SparkSubmit.Running finetune = start("cut")) {
            long[] before = sent();
            Path checkpoint = directory.resolve("cut/model.__partial/checkpoints/checkpoint-10/manifest.json");
            while (finetune.isAlive() && !Files.exists(checkpoint)) {
                Thread.sleep(20);
            }
            hosts.cut(busiest(before, sent()));

            assertThat(succeed(finetune))
                    .contains("finetune: a worker was lost; all start again from the last checkpoint")
                    .containsPattern("finetune: going on from the checkpoint of update \\d+");
        }
        assertThat(model("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(model("unbroken").resolve("model.safetensors"));
    }

    /** A silent executor is given up after ten seconds, not Spark's two minutes. */
    private static SparkSubmit.Running start(String output) throws IOException {
        return SparkSubmit.in(directory)
                .with("--master", cluster.url(), "--executor-cores", "1", "--executor-memory", "1g")
                .with("--conf", "spark.driver.host=" + hosts.here().address())
                .with("--conf", "spark.network.timeout=10s", "--conf", "spark.network.timeoutInterval=1s")
                .with("--conf", "spark.executor.heartbeatInterval=2s")
                .start("Finetune", "--config", "hosts.yaml", "--set", "output=" + output);
    }

    private static String succeed(SparkSubmit.Running finetune) throws Exception {
        Outcome outcome = finetune.await();
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        return outcome.stderr();
    }

    private static Path model(String output) {
        return directory.resolve(output).resolve("model");
    }

    private static long[] sent() throws IOException {
        long[] sent = new long[hosts.all().size()];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = hosts.bytesFrom(i);
        }
        return sent;
    }

    private static int busiest(long[] before, long[] after) {
        int busiest = 0;
        for (int i = 1; i < before.length; i++) {
            busiest = after[i] - before[i] > after[busiest] - before[busiest] ? i : busiest;
        }
        return busiest;
    }
}
