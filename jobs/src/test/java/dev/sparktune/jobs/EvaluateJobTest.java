package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.Settings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluateJobTest {
    @Test
    void settingsThatContradictEachOtherAreRefusedBeforeAnythingIsRead() {
        assertRefused("evaluate.name=../up", "evaluate.name must be letters, digits, '.', '_' and '-', but is '../up'");
        assertRefused(
                "evaluate.adapter=/tmp/adapter",
                "evaluate.adapter: adapters cannot be read yet; merge '/tmp/adapter' into its model and give that as"
                        + " evaluate.model");
        assertRefused(
                "evaluate.baseline=instruct",
                "evaluate.baseline must be another evaluation, but is 'instruct' like evaluate.name");
        assertRefused(
                "evaluate.shots=[1, 1]", "evaluate.shots must name one or more numbers, each once, but is [1, 1]");
        assertRefused("evaluate.tasks=[rate@]", "evaluate.tasks: TASK or TASK@URI wanted, but there is 'rate@'");
        assertThatCode(() -> EvaluateJob.check(settings("evaluate.tasks=[rate@hdfs://x/data]")))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(String set, String message) {
        assertThatThrownBy(() -> EvaluateJob.check(settings(set))).hasMessage(message);
    }

    private static Settings settings(String set) {
        return Settings.read("test.yaml", "output: /tmp/x", List.of(set), Set.of("output", "data", "evaluate"));
    }
}
