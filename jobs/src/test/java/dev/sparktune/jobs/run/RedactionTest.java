package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
    @Test
    void userInfoAndSignaturesLeaveUris() {
        assertThat(Redaction.text("cannot read s3a://AKIA:hush@bucket/reviews and go on"))
                .isEqualTo("cannot read s3a://*********(redacted)@bucket/reviews and go on");
        assertThat(Redaction.text("https://host/a?sv=2&sig=abc%2F&x=1"))
                .isEqualTo("https://host/a?sv=2&sig=*********(redacted)&x=1");
    }

    @Test
    void azuresContainersAreNoSecrets() {
        for (String scheme : List.of("abfs", "abfss", "wasb", "wasbs")) {
            String uri = scheme + "://reviews@account.dfs.core.windows.net/2023";
            assertThat(Redaction.text("in " + uri)).isEqualTo("in " + uri);
        }
        assertThat(Redaction.text("abfss://me:hush@account/x")).isEqualTo("abfss://*********(redacted)@account/x");
    }

    @Test
    void readerOptionsThatNameASecretLoseTheirValueAndOurOwnKeysDoNot() {
        assertThat(Redaction.tree(Map.of(
                        "input", Map.of("options", Map.of("password", "hush", "sep", ";")),
                        "evaluate", Map.of("max_new_tokens", 32),
                        "path", List.of("hdfs://me:hush@nn/x"))))
                .isEqualTo(Map.of(
                        "input", Map.of("options", Map.of("password", "*********(redacted)", "sep", ";")),
                        "evaluate", Map.of("max_new_tokens", 32),
                        "path", List.of("hdfs://*********(redacted)@nn/x")));
    }
}
