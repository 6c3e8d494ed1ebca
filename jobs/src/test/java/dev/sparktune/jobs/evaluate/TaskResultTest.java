package dev.sparktune.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.eval.Measure;
import dev.sparktune.eval.Metric;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskResultTest {
    private static final List<String> STARS = List.of("1", "2", "3");
    private static final Bootstrap BOOTSTRAP = new Bootstrap(100, 0.95, 1);

    /** Labels 3 3 2 1, answers 3 3 3 3: accuracy 1/2, F1 0, 0 and 2/3. */
    private final List<Prediction> always =
            List.of(chosen("a", "3", "3"), chosen("b", "3", "3"), chosen("c", "2", "3"), chosen("d", "1", "3"));

    /** Answers 3 3 2 3: accuracy 3/4, F1 0, 1 and 4/5. */
    private final List<Prediction> better =
            List.of(chosen("a", "3", "3"), chosen("b", "3", "3"), chosen("c", "2", "2"), chosen("d", "1", "3"));

    @Test
    void figuresOfATaskWithChoicesAreThoseWorkedByHand() {
        TaskResult result = new TaskResult("rate", 0, null, always, List.of(), BOOTSTRAP);

        assertThat(result.figures().keySet())
                .containsExactly(Measure.ACCURACY, Measure.MACRO_F1, Measure.PERPLEXITY, Measure.MAJORITY_CLASS);
        assertThat(value(result, Measure.ACCURACY)).isEqualTo(0.5);
        assertThat(value(result, Measure.MACRO_F1)).isCloseTo(2 / 9.0, within(1e-12));
        assertThat(value(result, Measure.MAJORITY_CLASS)).isEqualTo(0.5);
        assertThat(value(result, Measure.PERPLEXITY)).isCloseTo(Math.E, within(1e-12));
        assertThat(result.contextTokens()).isEqualTo(10);
        assertThat(result.comparisons()).isEmpty();
    }

    @Test
    void theDifferenceIsOverTheExamplesThatBothScored() {
        TaskResult result =
                new TaskResult("rate", 0, null, better, List.of(earlier("base", always.subList(1, 4))), BOOTSTRAP);

        Comparison base = result.comparisons().get(0);
        assertThat(base.against()).isEqualTo("base");
        assertThat(base.paired()).hasSize(3);
        Comparison.Delta accuracy = base.deltas().get(Measure.ACCURACY);
        assertThat(accuracy.value().value()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(accuracy.earlier().value()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(value(result, Measure.ACCURACY)).isEqualTo(0.75);
        assertThat(base.answer(better.get(2))).contains("3");
        assertThat(base.answer(better.get(0))).isEmpty();
        assertThat(result.earlierChanges()).isEmpty();
    }

    @Test
    void eachEarlierEvaluationHasItsOwnDifferenceAndItsChangeFromTheBaseline() {
        List<Prediction> best =
                List.of(chosen("a", "3", "3"), chosen("b", "3", "3"), chosen("c", "2", "2"), chosen("d", "1", "1"));

        TaskResult result = new TaskResult(
                "rate", 0, null, best, List.of(earlier("base", always), earlier("one", better)), BOOTSTRAP);

        assertThat(result.comparisons()).extracting(Comparison::against).containsExactly("base", "one");
        assertThat(result.comparisons())
                .extracting(comparison ->
                        comparison.deltas().get(Measure.ACCURACY).value().value())
                .containsExactly(0.5, 0.25);
        Comparison change = result.earlierChanges().get("one");
        assertThat(change.against()).isEqualTo("base");
        assertThat(change.deltas().get(Measure.ACCURACY).value().value()).isEqualTo(0.25);
        assertThat(result.comparisons().get(0).deltas().get(Measure.ACCURACY).value())
                .as("the interval is that of the pairs, resampled together")
                .isEqualTo(BOOTSTRAP.difference(
                        4, Metric.mean(new double[] {1, 1, 1, 1}), Metric.mean(new double[] {1, 1, 0, 0})));
    }

    @Test
    void anEarlierEvaluationOfOtherExamplesHasNoFigures() {
        TaskResult result = new TaskResult(
                "rate",
                0,
                null,
                better,
                List.of(earlier("base", always), earlier("other", List.of(chosen("z", "3", "3")))),
                BOOTSTRAP);

        assertThat(result.comparisons().get(1).deltas()).isEmpty();
        assertThat(result.earlierChanges().get("other").deltas()).isEmpty();
        assertThat(SummaryTable.of("mixture", List.of("base", "other"), List.of(result)))
                .containsPattern("\n  accuracy +50.0 % \\(.*\\) +75.0 % \\(.*\\)\n");
    }

    @Test
    void openTextsHaveExactMatchAndRouge() {
        List<Prediction> written = List.of(written("a", true, 1.0), written("b", false, 0.5));

        TaskResult result = new TaskResult("name", 0, null, written, List.of(), BOOTSTRAP);

        assertThat(result.figures().keySet()).containsExactly(Measure.EXACT_MATCH, Measure.ROUGE_L, Measure.PERPLEXITY);
        assertThat(value(result, Measure.EXACT_MATCH)).isEqualTo(0.5);
        assertThat(value(result, Measure.ROUGE_L)).isEqualTo(0.75);
        assertThat(result.confusion()).isEmpty();
    }

    @Test
    void whatWasSetAsideIsCountedAndNotScored() {
        Prediction tooLong = new Prediction(
                "x", "rate", null, 0, List.of(), "p", STARS, null, "1", null, null, null, null, 1, 999, null, "long");

        TaskResult result = new TaskResult("rate", 0, null, List.of(always.get(0), tooLong), List.of(), BOOTSTRAP);

        assertThat(result.scored()).hasSize(1);
        assertThat(result.setAside()).isEqualTo(Map.of("long", 1L));
        TaskResult nothingLeft = new TaskResult("rate", 0, null, List.of(tooLong), List.of(), BOOTSTRAP);
        assertThat(nothingLeft.figures()).containsKey(Measure.MACRO_F1);
        assertThat(value(nothingLeft, Measure.ACCURACY)).isNaN();
    }

    @Test
    void choicesThatDifferFromRowToRowHaveClassesOnlyWhileTheyAreFew() {
        Prediction yes = chosen("a", "1", "1", List.of("1", "yes"));
        Prediction no = chosen("b", "1", "1", List.of("no", "1"));

        assertThat(Measured.classes(always)).isEqualTo(STARS);
        assertThat(Measured.classes(List.of(yes, no))).containsExactly("1", "no", "yes");
        List<Prediction> many = IntStream.range(0, 60)
                .mapToObj(i -> chosen("a" + i, "1", "1", List.of("1", "c" + i)))
                .toList();
        assertThat(Measured.classes(many)).isEmpty();
        assertThat(new TaskResult("t", 0, null, many, List.of(), BOOTSTRAP)
                        .figures()
                        .keySet())
                .containsExactly(Measure.ACCURACY, Measure.PERPLEXITY);
    }

    @Test
    void theTableIsAlignedAndNamesBoth() {
        TaskResult result =
                new TaskResult("rate", 0, null, better, List.of(earlier("base", always)), new Bootstrap(100, 0.95, 3));

        assertThat(SummaryTable.of("instruct", List.of("base"), List.of(result)).lines())
                .hasSize(5)
                .first()
                .asString()
                .matches("rate, zero-shot, 4 examples +base +instruct +difference");
        assertThat(SummaryTable.of("instruct", List.of("base"), List.of(result)))
                .containsPattern("\n  accuracy +50.0 % \\(.*\\) +75.0 % \\(.*\\) +\\+25.0 points \\(.*\\)\n");
        assertThat(SummaryTable.of("base", List.of(), List.of(result))).doesNotContain("difference");
    }

    @Test
    void withMoreToCompareWithTheDifferencesStandBelow() {
        TaskResult result = new TaskResult(
                "rate", 0, null, better, List.of(earlier("base", always), earlier("one", better)), BOOTSTRAP);

        assertThat(SummaryTable.of("mixture", List.of("base", "one"), List.of(result)))
                .containsPattern("^rate, zero-shot, 4 examples +base +one +mixture\n"
                        + "  accuracy +50.0 % \\(.*\\) +75.0 % \\(.*\\) +75.0 % \\(.*\\)\n"
                        + "    mixture against it +\\+25.0 points \\(.*\\) +\\+0.0 points \\(.*\\)\n")
                .containsPattern("\n  accuracy of the majority class .*\n$");
    }

    @Test
    void anEarlierEvaluationIsCalledByItsDirectoryUnlessThatNameIsTaken() {
        assertThat(EarlierEvaluation.names("instruct", List.of("base", "/a/evaluate/one/", "/b/evaluate/instruct")))
                .containsExactly("base", "one", "/b/evaluate/instruct");
    }

    private static EarlierEvaluation earlier(String name, List<Prediction> predictions) {
        return new EarlierEvaluation(name, predictions);
    }

    private static double value(TaskResult result, Measure measure) {
        return result.figures().get(measure).value();
    }

    private static Prediction chosen(String id, String label, String answer) {
        return chosen(id, label, answer, STARS);
    }

    private static Prediction chosen(String id, String label, String answer, List<String> choices) {
        List<Double> scores = choices.stream().map(choice -> -1.0).toList();
        return new Prediction(
                id,
                "rate",
                "t",
                0,
                List.of(),
                "p",
                choices,
                scores,
                label,
                answer,
                answer.equals(label),
                null,
                2.0,
                2,
                10,
                null,
                null);
    }

    private static Prediction written(String id, boolean right, double rougeL) {
        return new Prediction(
                id,
                "name",
                "t",
                0,
                List.of(),
                "p",
                null,
                null,
                "Charlie",
                right ? "Charlie" : "cat",
                right,
                rougeL,
                1.0,
                1,
                5,
                "stop",
                null);
    }
}
