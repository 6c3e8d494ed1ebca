package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchDealerTest {

    @Test
    void dealsTheArraysOfTheJavadoc() {
        assertThat(new BatchDealer(2, 1).deal(new int[] {9, 1, 5, 4}))
                .isDeepEqualTo(new int[][][] {{{0}, {1}}, {{2}, {3}}});
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void eachExampleGoesToOneMicroBatchOfTheSizeAsked(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            BatchDealer dealer = new BatchDealer(1 + random.nextInt(5), 1 + random.nextInt(4));
            int[] tokens = random.ints(random.nextInt(40), 1, 400).toArray();

            int[][][] dealt = dealer.deal(tokens);

            assertThat(dealt).hasNumberOfRows(dealer.workers());
            assertThat(Arrays.stream(dealt)
                            .flatMap(Arrays::stream)
                            .flatMapToInt(Arrays::stream)
                            .sorted())
                    .containsExactlyElementsOf(
                            IntStream.range(0, tokens.length).boxed().toList());
            for (int[][] worker : dealt) {
                for (int[] microBatch : worker) {
                    assertThat(microBatch).isSorted().hasSizeBetween(1, dealer.microBatchSize());
                }
            }
            assertThat(dealer.deal(tokens)).isDeepEqualTo(dealt);
        }
    }

    @Test
    void workersHaveNearlyTheSameTokens() {
        int[] tokens = new Random(7).ints(64, 10, 418).toArray();

        int[] sums = Arrays.stream(new BatchDealer(4, 8).deal(tokens))
                .mapToInt(worker -> Arrays.stream(worker)
                        .flatMapToInt(Arrays::stream)
                        .map(i -> tokens[i])
                        .sum())
                .toArray();

        int mean = Arrays.stream(tokens).sum() / 4;
        for (int sum : sums) {
            assertThat(sum).isBetween(mean * 98 / 100, mean * 102 / 100);
        }
    }

    @Test
    void nobodyIsNoWorker() {
        assertThatThrownBy(() -> new BatchDealer(0, 8))
                .hasMessage("workers and microBatchSize must be at least 1, but are 0 and 8");
    }
}
