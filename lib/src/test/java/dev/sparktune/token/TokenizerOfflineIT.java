package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fresh JVM in a network namespace that has no way out tokenizes, and does not even ask for one. */
class TokenizerOfflineIT {
    private static final List<String> NO_NETWORK = List.of("unshare", "--user", "--map-root-user", "--net");

    @TempDir
    private Path directory;

    @Test
    void aThreeThousandTokenTextRoundTripsWithoutAnyNetwork() throws IOException, InterruptedException {
        Assumptions.assumeTrue(run(with("true")).equals(""), "needs network namespaces (unshare --user --net)");
        Path tokenizer = ByteLevelTokenizer.write(directory);

        String printed = run(with(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WithoutNetwork.class.getName(),
                tokenizer.toString()));

        assertThat(printed.lines().toList()).last().isEqualTo("3000 tokens, the text comes back: true, asked for []");
    }

    private static List<String> with(String... command) {
        List<String> words = new ArrayList<>(NO_NETWORK);
        words.addAll(List.of(command));
        return words;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output : "exit " + process.exitValue() + ": " + output;
        } catch (IOException e) {
            return e.toString(); // no such program
        }
    }
}
