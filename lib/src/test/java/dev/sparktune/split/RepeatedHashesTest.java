package dev.sparktune.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RepeatedHashesTest {
    @Test
    void whatWasAddedTwiceIsAlwaysFoundAndLittleElseIs() {
        long[] hashes = new Random(3).longs(200_000).toArray();
        RepeatedHashes[] parts = {new RepeatedHashes(), new RepeatedHashes(), new RepeatedHashes()};
        for (int i = 0; i < hashes.length; i++) {
            parts[i % 2].add(hashes[i]);
            if (i % 10 == 0) {
                parts[i / 10 % 2].add(hashes[i]); // in the same part, or in the other
            }
        }
        RepeatedHashes all = new RepeatedHashes();
        for (RepeatedHashes part : parts) {
            all.addAll(part);
        }
        assertThat(LongStream.range(0, hashes.length).filter(i -> i % 10 == 0).map(i -> hashes[(int) i]))
                .allMatch(all::mayRepeat);
        long others = LongStream.range(0, hashes.length)
                .filter(i -> i % 10 != 0 && all.mayRepeat(hashes[(int) i]))
                .count();
        assertThat(others).as("of 180,000 in 2^24 cells, 200,000 of them taken").isBetween(1_000L, 4_000L);
    }

    @Test
    void nothingRepeatsBeforeAnythingWasAdded() {
        assertThat(new RepeatedHashes().mayRepeat(7)).isFalse();
    }
}
