package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainJobTest {
    @TempDir
    private Path root;

    @Test
    void aTrackingServerThatCannotBeOneIsRefusedBeforeAnythingIsRead() throws Exception {
        Path config = Files.writeString(root.resolve("pretrain.yaml"), """
                output: %s
                input: {path: /nowhere}
                pretrain: {tokenizer: /nowhere}
                tracking: {mlflow_uri: databricks}
                """.formatted(root));
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> PretrainJob.main(new String[] {"--config", config.toString()}))
                    .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(2));
        } finally {
            System.setErr(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8))
                .endsWith("sparktune pretrain: tracking.mlflow_uri must be http://HOST:PORT or https://HOST:PORT,"
                        + " but is 'databricks'\n");
    }
}
