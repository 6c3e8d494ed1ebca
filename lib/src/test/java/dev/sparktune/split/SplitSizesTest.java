package dev.sparktune.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitSizesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theLowestAreKeptHoweverTheyAreDealt(long seed) {
        Random random = new Random(seed);
        long[] hashes = random.longs(1_000).toArray();
        LowestHashes one = new LowestHashes(100);
        LowestHashes[] dealt = {new LowestHashes(100), new LowestHashes(100), new LowestHashes(100)};
        for (long hash : hashes) {
            one.add(hash);
            dealt[random.nextInt(3)].add(hash);
        }
        dealt[0].addAll(dealt[1]);
        dealt[0].addAll(dealt[2]);
        long[] lowest = Arrays.copyOf(Arrays.stream(hashes).sorted().toArray(), 100);
        assertThat(one.sorted()).isEqualTo(lowest);
        assertThat(dealt[0].sorted()).isEqualTo(lowest);
        assertThat(dealt[0].seen()).isEqualTo(1_000);
    }

    @Test
    void noneAreKeptWhereNoneAreWanted() {
        LowestHashes none = new LowestHashes(0);
        none.add(7);
        assertThat(none.sorted()).isEmpty();
        assertThat(none.seen()).isEqualTo(1);
    }

    @Test
    void aSizeIsSharedByLargestRemainders() {
        // 10 of 7 + 2 + 1 in 100: 7, 2, 1; 4 of them: 2.8, 0.8, 0.4 → 3, 1, 0
        Map<String, LowestHashes> strata = Map.of("a", counted(70), "b", counted(20), "c", counted(10));
        assertThat(held(SplitSizes.of(Map.of("test", 10L), Map.of("test", strata))))
                .containsExactly(7, 2, 1);
        assertThat(held(SplitSizes.of(Map.of("test", 4L), Map.of("test", strata))))
                .containsExactly(3, 1, 0);
        assertThat(held(SplitSizes.of(Map.of("test", 100L), Map.of("test", strata))))
                .containsExactly(70, 20, 10);
        assertThatThrownBy(() -> SplitSizes.of(Map.of("test", 101L), Map.of("test", strata)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("split 'test' shall hold 101 records, but its share of the data has 100: give it a larger"
                        + " fraction or a smaller size");
    }

    @Test
    void itIsFrozenAsJson() throws Exception {
        SplitSizes sizes =
                SplitSizes.of(Map.of("test", 10L), Map.of("test", Map.of("a", counted(70), "b", counted(5))));
        SplitSizes again =
                SplitSizes.fromJson(new ObjectMapper().readTree(sizes.toJson().toString()));
        assertThat(again.toJson()).isEqualTo(sizes.toJson());
        assertThat(again.splits()).containsExactly("test");
        assertThat(again.holds("train", "a", Long.MAX_VALUE))
                .as("a split of any size")
                .isTrue();
        assertThat(again.holds("test", "new", Long.MIN_VALUE))
                .as("a stratum of later data")
                .isFalse();
        assertThatThrownBy(() -> SplitSizes.fromJson(new ObjectMapper().readTree("{\"test\": {\"a\": \"x\"}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the last hash of split 'test', stratum 'a' must be a whole number of 64 bits, it is \"x\"");
    }

    /** With the hashes 0, 1, … */
    private static LowestHashes counted(int records) {
        LowestHashes hashes = new LowestHashes(records);
        for (int i = 0; i < records; i++) {
            hashes.add(i);
        }
        return hashes;
    }

    private static int[] held(SplitSizes sizes) {
        Map<String, Integer> held = new HashMap<>();
        for (String stratum : new String[] {"a", "b", "c"}) {
            int last = 0;
            while (sizes.holds("test", stratum, last)) {
                last++;
            }
            held.put(stratum, last);
        }
        return new int[] {held.get("a"), held.get("b"), held.get("c")};
    }
}
