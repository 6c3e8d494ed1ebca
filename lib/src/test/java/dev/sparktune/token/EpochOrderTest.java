package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 65_792, 65_793, 131_071, 300_001})
    void everyEpochTakesEachExampleOnce(int examples) {
        for (long seed = 0; seed < 3; seed++) {
            BitSet taken = new BitSet(examples);
            for (long index : epoch(new EpochOrder(seed, examples), seed, examples)) {
                assertThat(taken.get((int) index)).isFalse();
                taken.set((int) index);
            }
            assertThat(taken.cardinality()).isEqualTo(examples);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, 1L << 40})
    void theOrderIsOfSeedAndEpochAlone(long seed) {
        int examples = 70_001;
        long[] first = epoch(new EpochOrder(seed, examples), 0, examples);

        assertThat(epoch(new EpochOrder(seed, examples), 0, examples)).isEqualTo(first);
        assertThat(epoch(new EpochOrder(seed, examples), 1, examples)).isNotEqualTo(first);
        assertThat(epoch(new EpochOrder(seed + 1, examples), 0, examples)).isNotEqualTo(first);
    }

    @Test
    void positionsMayBeAskedForInAnyOrder() {
        int examples = 200_000;
        EpochOrder order = new EpochOrder(9, examples);
        long[] zero = epoch(order, 0, examples);
        long[] one = epoch(order, 1, examples);
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            int position = random.nextInt(examples);
            assertThat(order.at(i % 2, position)).isEqualTo(i % 2 == 0 ? zero[position] : one[position]);
        }
    }

    @Test
    void neighboursOfALargeDataSetAreSpreadOverThePool() {
        long[] order = epoch(new EpochOrder(3, 1_000_000), 0, 1_000_000);

        // A batch of 64 from a million examples, were it drawn at random, would span nearly all of them.
        long[] batch = Arrays.copyOf(order, 64);
        assertThat(Arrays.stream(batch).max().orElseThrow()
                        - Arrays.stream(batch).min().orElseThrow())
                .isGreaterThan(800_000);
    }

    @Test
    void aBillionExamplesNeedNoArrayOfThem() {
        EpochOrder order = new EpochOrder(3, 1_000_000_000L);
        assertThat(order.at(5, 999_999_999L)).isBetween(0L, 999_999_999L);
    }

    @Test
    void whatIsNotInTheEpochIsRefused() {
        EpochOrder order = new EpochOrder(0, 10);
        assertThatThrownBy(() -> order.at(0, 10)).hasMessage("position 10 of epoch 0 with 10 examples");
        assertThatThrownBy(() -> order.at(-1, 0)).hasMessage("position 0 of epoch -1 with 10 examples");
        assertThatThrownBy(() -> new EpochOrder(0, 0)).hasMessageContaining("but there are 0");
    }

    private static long[] epoch(EpochOrder order, long epoch, int examples) {
        long[] indices = new long[examples];
        Arrays.setAll(indices, i -> order.at(epoch, i));
        return indices;
    }
}
