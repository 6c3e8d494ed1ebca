package dev.sparktune.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RungTest {
    @Test
    void oneInThreeGoesOnForThreeTimesTheUpdates() {
        assertThat(Rung.of(9, 3)).containsExactly(new Rung(9, 1.0 / 9), new Rung(3, 1.0 / 3), new Rung(1, 1));
        assertThat(Rung.of(11, 4)).containsExactly(new Rung(11, 0.25), new Rung(2, 1));
        assertThat(Rung.of(2, 3)).containsExactly(new Rung(2, 1));
        assertThat(Rung.of(8, 1)).containsExactly(new Rung(8, 1));
    }

    /** And leaves at most as many in the race as would have been halved again. */
    @ParameterizedTest
    @CsvSource({"5, 2", "64, 2", "100, 3", "1000, 10"})
    void theLastRungTrainsAtLeastOneTrialToTheEnd(int trials, int factor) {
        var rungs = Rung.of(trials, factor);
        assertThat(rungs.get(0).trials()).isEqualTo(trials);
        assertThat(rungs.get(rungs.size() - 1).share()).isEqualTo(1);
        assertThat(rungs.get(rungs.size() - 1).trials()).isBetween(1, factor);
        for (int i = 1; i < rungs.size(); i++) {
            assertThat(rungs.get(i).trials())
                    .isLessThan(rungs.get(i - 1).trials())
                    .isPositive();
        }
    }
}
