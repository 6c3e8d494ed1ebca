package dev.sparktune.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.mixture.Mixture.Share;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worked by hand from the formulas of T5 (Raffel et al. 2020, 3.5.2) and FLAN (Wei et al. 2022, 2.1). */
class MixtureTest {
    private static final long NO_MAXIMUM = Long.MAX_VALUE;

    @Test
    void withoutSettingsEverythingIsTaken() {
        assertThat(taken(tasks(100, 400, 1600), MixingRates.PROPORTIONAL, OptionalLong.empty()))
                .containsExactly(100, 400, 1600);
    }

    /** T5: r(m) = min(e(m), K) / Σ min(e(n), K); with K = 400: 100, 400 and 400 of 900. */
    @Test
    void examplesProportionalMixingHasAMaximum() {
        MixingRates rates = new MixingRates(Map.of(), Map.of(), 400, 1);

        assertThat(rates(tasks(100, 400, 1600), rates))
                .containsExactly(new double[] {1 / 9.0, 4 / 9.0, 4 / 9.0}, within(1e-12));
        assertThat(taken(tasks(100, 400, 1600), rates, OptionalLong.of(90))).containsExactly(10, 40, 40);
        assertThat(taken(tasks(100, 400, 1600), rates, OptionalLong.empty())).containsExactly(100, 400, 400);
    }

    /** T5: r(m)^(1/T), normalised; √100 : √400 : √1600 = 10 : 20 : 40. */
    @Test
    void aTemperatureOf2TakesSquareRoots() {
        MixingRates rates = new MixingRates(Map.of(), Map.of(), NO_MAXIMUM, 2);

        assertThat(rates(tasks(100, 400, 1600), rates))
                .containsExactly(new double[] {1 / 7.0, 2 / 7.0, 4 / 7.0}, within(1e-12));
        assertThat(taken(tasks(100, 400, 1600), rates, OptionalLong.of(350))).containsExactly(50, 100, 200);
        assertThat(taken(tasks(100, 400, 1600), rates, OptionalLong.empty())).containsExactly(100, 200, 400);
    }

    /** T5 keeps K before the temperature: √100 : √400 : √400. */
    @Test
    void theMaximumComesBeforeTheTemperature() {
        assertThat(rates(tasks(100, 400, 1600), new MixingRates(Map.of(), Map.of(), 400, 2)))
                .containsExactly(new double[] {0.2, 0.4, 0.4}, within(1e-12));
    }

    @Test
    void aHighTemperatureMixesEqually() {
        assertThat(taken(
                        tasks(1_000, 4_000, 16_000),
                        new MixingRates(Map.of(), Map.of(), NO_MAXIMUM, 1e9),
                        OptionalLong.of(300)))
                .containsExactly(100, 100, 100);
    }

    /**
     * FLAN: at most 30,000 of a task, no weight beyond 3,000. Of 20,000 at 3000 : 2490 : 3000 the second would have 5,866, has
     * 2,490, and leaves 17,510 to the two others.
     */
    @Test
    void whatAScarceTaskLacksIsSharedByTheOthers() {
        MixingRates flan = new MixingRates(Map.of(), Map.of(MixingRates.OTHERS, 30_000L), 3_000, 1);

        assertThat(rates(tasks(363_846, 2_490, 392_702), flan))
                .containsExactly(new double[] {3000 / 8490.0, 2490 / 8490.0, 3000 / 8490.0}, within(1e-12));
        assertThat(taken(tasks(363_846, 2_490, 392_702), flan, OptionalLong.of(20_000)))
                .containsExactly(8_755, 2_490, 8_755);
        assertThat(taken(tasks(363_846, 2_490, 392_702), flan, OptionalLong.of(60_000)))
                .containsExactly(28_755, 2_490, 28_755);
    }

    @Test
    void whatNoTaskHasIsMissing() {
        Mixture mixture =
                Mixture.of(tasks(10, 20), new MixingRates(Map.of(), Map.of("b", 15L), 100, 1), OptionalLong.of(40));

        assertThat(mixture.shares()).extracting(Share::taken).containsExactly(10L, 15L);
        assertThat(mixture.total()).isEqualTo(25);
        assertThat(mixture.missing()).isEqualTo(15);
    }

    @Test
    void aWeightMultipliesTheRateAnd0LeavesATaskOut() {
        MixingRates rates = new MixingRates(Map.of("a", 3.0, "c", 0.0), Map.of(), NO_MAXIMUM, 1);

        assertThat(taken(tasks(100, 100, 100), rates, OptionalLong.of(80))).containsExactly(60, 20, 0);
        assertThat(taken(tasks(100, 100, 100), rates, OptionalLong.of(500))).containsExactly(100, 100, 0);
        assertThat(taken(tasks(90, 100, 100), rates, OptionalLong.empty())).containsExactly(90, 33, 0);
        assertThat(taken(
                        tasks(9, 9, 9),
                        new MixingRates(Map.of("*", 0.0, "b", 1.0), Map.of(), 5, 1),
                        OptionalLong.empty()))
                .containsExactly(0, 9, 0);
    }

    @Test
    void ofEqualFractionsTheFirstAreRoundedUp() {
        assertThat(taken(tasks(100, 100, 100), MixingRates.PROPORTIONAL, OptionalLong.of(100)))
                .containsExactly(34, 33, 33);
    }

    @Test
    void aTaskWithoutExamplesHoldsNobodyBack() {
        assertThat(taken(tasks(0, 10), new MixingRates(Map.of(), Map.of(), 5, 3), OptionalLong.empty()))
                .containsExactly(0, 10);
        assertThat(taken(tasks(0, 0), MixingRates.PROPORTIONAL, OptionalLong.of(5)))
                .containsExactly(0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSizeIsMetWheneverThereAreEnough(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 2_000; run++) {
            Map<String, Long> available = tasks(random.longs(1 + random.nextInt(12), 0, 1L << random.nextInt(1, 40))
                    .toArray());
            MixingRates rates = new MixingRates(
                    Map.of("a", random.nextDouble(1e-3, 5)),
                    Map.of(),
                    1 + random.nextLong(1L << 20),
                    1 + random.nextDouble(9));
            long all = available.values().stream().mapToLong(Long::longValue).sum();
            long size = random.nextLong(1, 2 * all + 2);
            Mixture mixture = Mixture.of(available, rates, OptionalLong.of(size));

            assertThat(mixture.total()).isEqualTo(Math.min(size, all));
            assertThat(mixture.missing()).isEqualTo(size - mixture.total());
            assertThat(mixture.shares()).allMatch(share -> share.taken() >= 0 && share.taken() <= share.available());
        }
    }

    @Test
    void anUnknownTaskIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> Mixture.of(
                        tasks(1, 2), new MixingRates(Map.of(), Map.of("rat", 1L), 1, 1), OptionalLong.empty()))
                .hasMessage("caps name a task 'rat', but the tasks are a, b");
    }

    @Test
    void weightsOf0ForAllAreRefused() {
        assertThatThrownBy(() -> Mixture.of(
                        tasks(1, 2), new MixingRates(Map.of("*", 0.0), Map.of(), 1, 1), OptionalLong.empty()))
                .hasMessage("the weights leave no task: of all that have examples they are 0");
    }

    @Test
    void ratesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new MixingRates(Map.of("a", -1.0), Map.of(), 1, 1))
                .hasMessage("the weight of task 'a' must be at least 0, but is -1.0");
        assertThatThrownBy(() -> new MixingRates(Map.of(), Map.of("a", -1L), 1, 1))
                .hasMessage("the cap of task 'a' must be at least 0, but is -1");
        assertThatThrownBy(() -> new MixingRates(Map.of(), Map.of(), 0, 1))
                .hasMessage("maximum must be at least 1, but is 0");
        assertThatThrownBy(() -> new MixingRates(Map.of(), Map.of(), 1, 0.5))
                .hasMessage("temperature must be at least 1, but is 0.5");
        assertThatThrownBy(() -> Mixture.of(tasks(-1), MixingRates.PROPORTIONAL, OptionalLong.empty()))
                .hasMessage("the examples of task 'a' must be at least 0, but are -1");
        assertThatThrownBy(() -> Mixture.of(tasks(1), MixingRates.PROPORTIONAL, OptionalLong.of(-1)))
                .hasMessage("size must be at least 0, but is -1");
    }

    /** Tasks a, b, c … of so many examples. */
    private static Map<String, Long> tasks(long... examples) {
        Map<String, Long> tasks = new LinkedHashMap<>();
        for (long n : examples) {
            tasks.put(String.valueOf((char) ('a' + tasks.size())), n);
        }
        return tasks;
    }

    private static long[] taken(Map<String, Long> tasks, MixingRates rates, OptionalLong size) {
        return Mixture.of(tasks, rates, size).shares().stream()
                .mapToLong(Share::taken)
                .toArray();
    }

    private static double[] rates(Map<String, Long> tasks, MixingRates rates) {
        return Mixture.of(tasks, rates, OptionalLong.empty()).shares().stream()
                .mapToDouble(Share::rate)
                .toArray();
    }
}
