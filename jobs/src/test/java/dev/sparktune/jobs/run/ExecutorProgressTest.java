package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

class ExecutorProgressTest {
    private final JavaSparkContext context =
            new JavaSparkContext(LocalSpark.session().sparkContext());

    @Test
    void unitsOfAllTasksAreCounted() {
        assertThat(shownWhile(0, 20, () -> {})).contains("ratings  20 of 20 examples (100 %)");
    }

    @Test
    void whatAnEarlierRunDidIsNotCountedAgain() {
        assertThat(shownWhile(5, 25, () -> {})).contains("ratings  25 of 25 examples (100 %)");
    }

    @Test
    void aJobThatFailsLeavesALineAndStagesAreShownAgainAfterwards() {
        assertThatThrownBy(() -> shownWhile(0, 20, () -> {
                    throw new JobFailure("no more");
                }))
                .hasMessage("no more");
        assertThat(context.getLocalProperty(TaskProgress.SHOWN_OTHERWISE)).isNull();
    }

    /** What is on standard error after four tasks have done five units each. */
    private String shownWhile(long already, long total, Runnable then) {
        PrintStream before = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try (ExecutorProgress progress =
                ExecutorProgress.start(context.sc(), Progress.resume("ratings", already, total, "examples"))) {
            LongAccumulator done = progress.done();
            context.parallelize(Collections.nCopies(20, "x"), 4).foreach(x -> done.add(1));
            then.run();
        } finally {
            System.setErr(before);
        }
        return shown.toString(StandardCharsets.UTF_8);
    }
}
