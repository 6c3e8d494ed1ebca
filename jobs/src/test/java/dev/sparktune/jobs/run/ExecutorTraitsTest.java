package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.testing.LocalSpark;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class ExecutorTraitsTest {
    private static final Map<String, String> WHOLE = Map.of(
            "Java",
            "17.0.1",
            "-Dorg.bytedeco.javacpp.maxbytes",
            "4096m",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes",
            "0",
            "-Ddev.sparktune.threads",
            "4");

    @Test
    void aTaskSaysWhatItsExecutorHas() {
        String json = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(List.of(1), 1)
                .map(row -> ExecutorTraits.here().requireFlags().toJson())
                .first();

        assertThat(json).doesNotContain("\n");
        ExecutorTraits traits = ExecutorTraits.fromJson(json);
        assertThat(traits.toJson()).isEqualTo(json);
        assertThat(traits.host()).endsWith(" (executor driver)");
        assertThat(traits.cpu()).contains("AVX");
        assertThat(traits.traits())
                .containsEntry("Java", System.getProperty("java.version"))
                .containsEntry("sparktune", JobMain.version())
                .containsEntry("-Ddev.sparktune.threads", System.getProperty("dev.sparktune.threads"));
    }

    @Test
    void aMissingFlagIsNamedWithItsHost() {
        assertThat(executor("a", WHOLE).requireFlags()).isEqualTo(executor("a", WHOLE));

        assertThatThrownBy(() -> without("-Ddev.sparktune.threads").requireFlags())
                .isInstanceOf(JobFailure.class)
                .hasMessage("10.0.0.1 (executor a) runs without -Ddev.sparktune.threads, which the job adds to"
                        + " spark.executor.extraJavaOptions before it starts its executors");
        assertThatThrownBy(() -> without("-Dorg.bytedeco.javacpp.maxbytes").requireFlags())
                .hasMessageContaining("runs without -Dorg.bytedeco.javacpp.maxbytes,");
    }

    @Test
    void executorsThatDifferAreRefusedByHostsTraitAndValues() {
        ExecutorTraits.requireAlike(List.of(executor("a", WHOLE), executor("b", WHOLE)));

        assertThatThrownBy(() -> ExecutorTraits.requireAlike(
                        List.of(executor("a", WHOLE), executor("b", WHOLE), with("-Ddev.sparktune.threads", "8"))))
                .isInstanceOf(JobFailure.class)
                .hasMessage("executors differ in -Ddev.sparktune.threads: 10.0.0.1 (executor a) has 4,"
                        + " 10.0.0.1 (executor other) has 8");
        assertThatThrownBy(
                        () -> ExecutorTraits.requireAlike(List.of(executor("a", WHOLE), with("OMP_NUM_THREADS", "1"))))
                .hasMessage("executors differ in OMP_NUM_THREADS: 10.0.0.1 (executor a) has none,"
                        + " 10.0.0.1 (executor other) has 1");
    }

    @Test
    void anotherKindOfCpuIsAWarning() {
        ExecutorTraits old = new ExecutorTraits("10.0.0.2 (executor b)", "AVX2", new TreeMap<>(WHOLE));
        List<ExecutorTraits> both = List.of(executor("a", WHOLE), old);

        ExecutorTraits.requireAlike(both);
        assertThat(ExecutorTraits.cpuWarning(both))
                .hasValue("executors have different CPUs, and so another order of machines gives other last digits:"
                        + " 10.0.0.1 (executor a) AVX-512, 10.0.0.2 (executor b) AVX2");
        assertThat(ExecutorTraits.cpuWarning(List.of(old, old))).isEmpty();
    }

    @Test
    void whatIsNoJsonOfTraitsIsRefused() {
        assertThatThrownBy(() -> ExecutorTraits.fromJson("{\"host\": 1,"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no ExecutorTraits: {\"host\": 1,");
    }

    private static ExecutorTraits executor(String id, Map<String, String> traits) {
        return new ExecutorTraits("10.0.0.1 (executor " + id + ")", "AVX-512", new TreeMap<>(traits));
    }

    private static ExecutorTraits with(String name, String value) {
        TreeMap<String, String> traits = new TreeMap<>(WHOLE);
        traits.put(name, value);
        return executor("other", traits);
    }

    private static ExecutorTraits without(String name) {
        TreeMap<String, String> traits = new TreeMap<>(WHOLE);
        traits.remove(name);
        return executor("a", traits);
    }
}
