package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.model.Decoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains in processes of their own that are killed for good (SIGKILL) again and again, at whatever they then do. */
class KilledTrainingIT {
    private static final int STEPS = 24;

    @TempDir
    Path unbroken;

    @TempDir
    Path killed;

    @Test
    void aRunThatIsKilledAgainAndAgainEndsWithTheSameBits() throws Exception {
        assertThat(train(unbroken, Integer.MAX_VALUE)).isTrue();

        // just after an update, before and after checkpoints (every 5 updates) and evaluations (every 3)
        for (int step : new int[] {4, 15}) {
            assertThat(train(killed, step)).as("killed at update %d", step).isFalse();
        }
        assertThat(train(killed, Integer.MAX_VALUE)).isTrue();

        assertThat(Files.readAllLines(killed.resolve("weights.txt")))
                .isEqualTo(Files.readAllLines(unbroken.resolve("weights.txt")));
        assertThat(steps(killed)).isEqualTo(steps(unbroken));
    }

    private static List<Integer> steps(Path directory) throws IOException {
        TinyRun run = new TinyRun(directory);
        return TrainingLog.read(run.fs(), run.file("training.jsonl")).stream()
                .map(line -> line.get("step").asInt())
                .toList();
    }

    /** @return whether the process reached its end before it reached the update at which it is killed */
    private static boolean train(Path directory, int killAt) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agent"))
                .toList());
        command.addAll(List.of(
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Training.class.getName(),
                directory.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("update ") && Integer.parseInt(line.substring(7)) >= killAt) {
                    process.destroyForcibly();
                    break;
                }
            }
        }
        return process.waitFor() == 0;
    }

    /** The process. */
    static final class Training {
        private Training() {}

        public static void main(String[] args) throws IOException {
            TinyRun run = new TinyRun(Path.of(args[0]));
            TrainingListener spoken = new TrainingListener() {
                @Override
                public void onUpdate(Update update) {
                    System.out.println("update " + update.step());
                }
            };
            try (Decoder decoder = TinyRun.decoder();
                    TrainingLog log = new TrainingLog(run.fs(), run.file("training.jsonl"))) {
                run.trainer(decoder, TinyRun.options(STEPS, 1e-2), TrainingListener.all(List.of(log, spoken)))
                        .run();
                List<String> bits = new ArrayList<>();
                for (float weight : TinyRun.parameters(decoder)) {
                    bits.add(Integer.toHexString(Float.floatToRawIntBits(weight)));
                }
                Files.write(Path.of(args[0], "weights.txt"), bits);
            }
        }
    }
}
