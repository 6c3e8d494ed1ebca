package dev.sparktune.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong seconds = new AtomicLong();

    @Test
    void plainLinesComeEveryTenSecondsWithRateAndTimeLeft() {
        Progress progress = progress(1_000, 0, false);
        advanceTo(progress, 5, 100);
        advanceTo(progress, 12, 140);
        advanceTo(progress, 40, 160);
        progress.close();

        assertThat(text().lines())
                .containsExactly(
                        "train  240 of 1,000 steps (24 %)  20.00/s  left 38.0 s  loss 1.5",
                        "train  400 of 1,000 steps (40 %)  10.00/s  left 1 min 00 s  loss 1.5",
                        "train  400 of 1,000 steps (40 %)  10.00/s  took 40.0 s  loss 1.5");
    }

    @Test
    void aTerminalRedrawsOneLine() {
        Progress progress = progress(10, 0, true);
        advanceTo(progress, 1, 4);
        progress.close();

        assertThat(text()).startsWith("\r\u001b[2Ktrain  4 of 10 steps (40 %)").endsWith(System.lineSeparator());
    }

    @Test
    void whatAnEarlierRunDidCountsAsDoneButNotTowardsTheRate() {
        Progress progress = progress(1_000, 900, false);
        advanceTo(progress, 10, 50);

        assertThat(text()).contains("950 of 1,000 steps (95 %)  5.00/s  left 10.0 s");
    }

    @Test
    void withoutATotalThereIsNoTimeLeft() {
        Progress progress = progress(0, 0, false);
        advanceTo(progress, 20, 50);

        assertThat(text()).startsWith("train  50 steps  2.50/s  loss");
    }

    @Test
    void manyShortPiecesSayNothingUnlessTheyLast() {
        Progress shortOne = quiet();
        advanceTo(shortOne, 1, 10);
        shortOne.close();
        assertThat(text()).isEmpty();

        Progress longOne = quiet();
        advanceTo(longOne, 30, 5);
        longOne.close();
        assertThat(text().lines()).hasSize(2);
    }

    @Test
    void durationsReadAsPeopleSayThem() {
        assertThat(Progress.duration(4.21)).isEqualTo("4.2 s");
        assertThat(Progress.duration(185)).isEqualTo("3 min 05 s");
        assertThat(Progress.duration(7_805)).isEqualTo("2 h 10 min");
    }

    private Progress progress(long total, long alreadyDone, boolean terminal) {
        return new Progress(
                "train", total, alreadyDone, "steps", out, terminal, false, () -> seconds.get() * 1_000_000_000L);
    }

    private Progress quiet() {
        return new Progress("stage", 10, 0, "tasks", out, false, true, () -> seconds.get() * 1_000_000_000L);
    }

    private void advanceTo(Progress progress, long second, long units) {
        seconds.set(second);
        progress.advance(units, "loss 1.5");
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
