package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TuneReportTest {

    @Test
    void showsEveryTrialAndNoTextAsMarkup() {
        String page = report().html();

        assertThat(page)
                .contains("<h1>Trial 3 of 3</h1>", "trained to the end", "given up after rung 1 of 2", "diverged")
                .contains("&lt;b&gt;linear&lt;/b&gt;")
                .doesNotContain("<b>linear</b>")
                .contains("{\"name\":\"trial 3\",\"points\":[{\"step\":10,\"value\":2.0},{\"step\":20,\"value\":1.5}");
    }

    static TuneReport report() {
        return new TuneReport(
                "Of 3 trials, trial 3 has the best eval_loss on the validation split: 1.2 (learning_rate=3.0E-4).",
                "eval_loss",
                List.of("train.learning_rate", "train.lr_scheduler_type"),
                List.of(
                        new TuneReport.Trial(
                                3,
                                List.of("3.0E-4", "cosine"),
                                40,
                                "1.2",
                                "trained to the end",
                                curve(2, 1.5, 1.3, 1.2)),
                        new TuneReport.Trial(
                                1,
                                List.of("1.0E-5", "<b>linear</b>"),
                                20,
                                "2.4",
                                "given up after rung 1 of 2",
                                curve(2.6, 2.4)),
                        new TuneReport.Trial(2, List.of("1.0", "cosine"), 3, "–", "diverged", List.of())),
                Map.of("train.learning_rate", "3.0E-4", "train.lr_scheduler_type", "cosine"));
    }

    private static List<TrainingLog.Point> curve(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> new TrainingLog.Point(10L * (i + 1), values[i]))
                .toList();
    }
}
