package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthHistogramTest {
    @Test
    void fourClassesToEachDoubling() {
        assertThat(LongStream.rangeClosed(0, 66).map(LengthHistogram::end).distinct())
                .containsExactly(
                        0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 10L, 12L, 14L, 16L, 20L, 24L, 28L, 32L, 40L, 48L, 56L, 64L,
                        80L);
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 63, 64, 65, 1_000, 1_025, 123_456_789, Integer.MAX_VALUE})
    void anEndIsAtMostAQuarterAbove(long length) {
        assertThat(LengthHistogram.end(length)).isBetween(length, length + length / 4);
    }

    @Test
    void meanAndLongestAreExactAndPercentilesTheEndsOfClasses() {
        LengthHistogram lengths = new LengthHistogram();
        for (int length = 1; length <= 100; length++) {
            lengths.add(length);
        }
        assertThat(lengths.mean()).isEqualTo(50.5);
        assertThat(lengths.longest()).isEqualTo(100);
        assertThat(lengths.percentile(0.5)).as("50, in (48, 56]").isEqualTo(56);
        assertThat(lengths.percentile(0.9)).as("90, in (80, 96]").isEqualTo(96);
        assertThat(lengths.percentile(0.99))
                .as("99, in (96, 112]; but none is longer than 100")
                .isEqualTo(100);
        assertThat(lengths.classes()).containsEntry(64L, 8L).containsEntry(112L, 4L);
    }

    @Test
    void partsAddUpAfterTheirWayToTheDriver() {
        Tally tally = new Tally();
        tally.addLength(Tally.Unit.CHARACTERS, "rate", 10);
        tally.add(Tally.Kind.TOO_LONG, "rate", "", 1);
        Tally other = new Tally();
        other.addLength(Tally.Unit.CHARACTERS, "rate", 9);
        other.addLength(Tally.Unit.CHARACTERS, "rate", 200);
        other.addLength(Tally.Unit.TOKENS, "rate", 3);

        Tally all = new Tally();
        all.addAll(Tally.fromJson(tally.toJson()));
        all.addAll(Tally.fromJson(other.toJson()));

        LengthHistogram characters = all.lengths(Tally.Unit.CHARACTERS).get("rate");
        assertThat(characters.classes()).containsExactly(entry(10, 2), entry(224, 1));
        assertThat(characters.count()).isEqualTo(3);
        assertThat(characters.mean()).isEqualTo(73);
        assertThat(characters.longest()).isEqualTo(200);
        assertThat(all.lengths(Tally.Unit.TOKENS).get("rate").longest()).isEqualTo(3);
        assertThat(all.total(Tally.Kind.TOO_LONG)).isEqualTo(1);
    }

    private static Map.Entry<Long, Long> entry(long end, long lengths) {
        return Map.entry(end, lengths);
    }
}
