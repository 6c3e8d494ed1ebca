package dev.sparktune.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against scikit-learn, rouge-score and numpy: scripts/reference/metrics.py made the values. */
class ReferenceMetricsTest {
    private static final Offset<Double> ROUNDING = within(1e-12);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode reference = read();
    private final JsonNode set = reference.get("classification");
    private final int classes = set.get("classes").asInt();
    private final int[] labels = JSON.convertValue(set.get("labels"), int[].class);
    private final int[] instruct = JSON.convertValue(set.get("instruct"), int[].class);
    private final Bootstrap bootstrap =
            new Bootstrap(set.get("resamples").asInt(), 0.95, set.get("seed").asLong());

    @Test
    void theConfusionMatrixIsThatOfScikitLearn() {
        assertThat(ConfusionMatrix.of(labels, instruct, classes).counts())
                .isDeepEqualTo(JSON.convertValue(set.get("confusion"), long[][].class));
    }

    @Test
    void accuracyAndItsIntervalAreThoseOfScikitLearnAndNumpy() {
        double[] right = new double[labels.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = labels[i] == instruct[i] ? 1 : 0;
        }
        assertSame(bootstrap.interval(labels.length, Metric.mean(right)), "accuracy");
        assertThat(ConfusionMatrix.of(labels, instruct, classes).accuracy())
                .isCloseTo(set.get("accuracy").get("value").asDouble(), ROUNDING);
    }

    @Test
    void macroF1CountsAClassThatNeverOccursAsScikitLearnDoes() {
        assertSame(bootstrap.interval(labels.length, Metric.macroF1(labels, instruct, classes)), "macro_f1");
    }

    @Test
    void perplexityWeighsTokensNotExamples() {
        double[] nll = JSON.convertValue(set.get("nll"), double[].class);
        int[] tokens = JSON.convertValue(set.get("tokens"), int[].class);

        assertSame(bootstrap.interval(nll.length, Metric.perplexity(nll, tokens)), "perplexity");
    }

    @Test
    void theGainIsBootstrappedOverTheSameExamples() {
        int[] base = JSON.convertValue(set.get("base"), int[].class);

        assertSame(
                bootstrap.difference(
                        labels.length,
                        Metric.macroF1(labels, instruct, classes),
                        Metric.macroF1(labels, base, classes)),
                "macro_f1_gain");
    }

    @Test
    void rougeLIsThatOfRougeScore() {
        for (JsonNode pair : reference.get("rouge_l")) {
            assertThat(RougeL.fMeasure(
                            pair.get("reference").asText(),
                            pair.get("candidate").asText()))
                    .as("%s against %s", pair.get("candidate"), pair.get("reference"))
                    .isCloseTo(pair.get("f").asDouble(), ROUNDING);
        }
    }

    private void assertSame(Interval actual, String name) {
        JsonNode expected = set.get(name);
        assertThat(actual.value()).isCloseTo(expected.get("value").asDouble(), ROUNDING);
        assertThat(actual.low()).isCloseTo(expected.get("low").asDouble(), ROUNDING);
        assertThat(actual.high()).isCloseTo(expected.get("high").asDouble(), ROUNDING);
    }

    private static JsonNode read() {
        try (InputStream in = ReferenceMetricsTest.class.getResourceAsStream("metrics.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read metrics.json", e);
        }
    }
}
