package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
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
                "evaluate.adapter needs evaluate.model, the base that it was trained on: OUTPUT/model has it merged in");
        assertRefused(
                "evaluate.adapter=[/a/adapter, /b/adapter/]",
                "evaluate.adapter has two adapters called 'adapter'; give each a name, as NAME@URI");
        assertThatCode(() -> EvaluateJob.check(
                        settings("evaluate.adapter=[a@/a/adapter, b@/b/adapter]", "evaluate.model=/base")))
                .doesNotThrowAnyException();
        assertRefused(
                "evaluate.baseline=instruct",
                "evaluate.baseline must be another evaluation, but is 'instruct' like evaluate.name");
        assertRefused("evaluate.baseline=''", "evaluate.baseline must name an evaluation, but is empty");
        assertRefused(
                "evaluate.shots=[1, 1]", "evaluate.shots must name one or more numbers, each once, but is [1, 1]");
        assertRefused("evaluate.tasks=[rate@]", "evaluate.tasks: TASK or TASK@URI wanted, but there is 'rate@'");
        assertThatCode(() -> EvaluateJob.check(settings("evaluate.tasks=[rate@hdfs://x/data]")))
                .doesNotThrowAnyException();
    }

    @Test
    void earlierEvaluationsAreOthersEachOnce() {
        assertRefused(
                "evaluate.compare=[base]",
                "evaluate.compare needs an evaluate.baseline that all are measured from, but there is only [base]");
        assertComparingRefused(
                "[one-task, instruct]",
                "evaluate.compare must be another evaluation, but is 'instruct' like evaluate.name");
        assertComparingRefused(
                "[/tmp/x/evaluate/instruct/]",
                "evaluate.compare must be another evaluation, but is '/tmp/x/evaluate/instruct/' like evaluate.name");
        assertComparingRefused("[base]", "evaluate.compare names 'base' a second time");
        assertComparingRefused("[a, b, a]", "evaluate.compare names 'a' a second time");
        assertComparingRefused("[' ']", "evaluate.compare must name an evaluation, but is empty");
        assertComparingRefused("[a, b, c, d, e]", "evaluate.compare must name at most 4 evaluations, but names 5");
        assertThatCode(() -> EvaluateJob.check(
                        settings("evaluate.baseline=base", "evaluate.compare=[one-task, hdfs://x/evaluate/base]")))
                .doesNotThrowAnyException();
    }

    @Test
    void everyEarlierEvaluationIsAnInput() {
        Settings settings = settings("evaluate.baseline=base", "evaluate.compare=[one-task, hdfs://x/evaluate/base]");

        assertThat(EvaluateJob.inputs(settings))
                .contains("/tmp/x/evaluate/base", "/tmp/x/evaluate/one-task", "hdfs://x/evaluate/base");
    }

    private static void assertRefused(String set, String message) {
        assertThatThrownBy(() -> EvaluateJob.check(settings(set))).hasMessage(message);
    }

    private static void assertComparingRefused(String compare, String message) {
        assertThatThrownBy(() -> EvaluateJob.check(settings("evaluate.baseline=base", "evaluate.compare=" + compare)))
                .hasMessage(message);
    }

    private static Settings settings(String... sets) {
        return Settings.read("test.yaml", "output: /tmp/x", List.of(sets), Set.of("output", "data", "evaluate"));
    }
}
