package dev.sparktune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.model.Decoder;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChoiceScorerTest {
    private final Decoder decoder = TinyDecoder.random(64);
    private final ChoiceScorer scorer = new ChoiceScorer(decoder);

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void scoresAreTheSumsOfTheCompletionsLogProbabilities() {
        List<List<TokenizedExample>> prompts = new ArrayList<>();
        Random random = new Random(1);
        for (int p = 0; p < 45; p++) { // more than one batch, of both kinds in turn
            int[] prompt = random.ints(1 + random.nextInt(30), 0, 256).toArray();
            prompts.add(
                    p % 3 == 0
                            ? List.of(candidate(prompt, 7), candidate(prompt, 7, 8, 9), candidate(prompt, 1, 2))
                            : List.of(candidate(prompt, 5, 49), candidate(prompt, 5, 50), candidate(prompt, 5, 51)));
        }

        List<double[]> scores = scorer.score(prompts, TinyDecoder.UNHEARD);

        for (int p = 0; p < prompts.size(); p++) {
            for (int c = 0; c < 3; c++) {
                double expected = Arrays.stream(decoder.logProbs(
                                PackedBatch.of(List.of(prompts.get(p).get(c)))))
                        .sum();
                assertThat(scores.get(p)[c]).as("prompt %d, candidate %d", p, c).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @Test
    void aSingleCandidateAndOneWithoutTokensAreRated() {
        List<double[]> scores = scorer.score(
                List.of(
                        List.of(candidate(new int[] {1, 2}, 3)),
                        List.of(candidate(new int[] {1, 2}), candidate(new int[] {1, 2}, 3))),
                TinyDecoder.UNHEARD);

        assertThat(scores.get(0)[0]).isNegative();
        assertThat(scores.get(1)[0]).isZero();
        assertThat(scores.get(1)[1]).isCloseTo(scores.get(0)[0], within(1e-5));
    }

    @Test
    void nothingIsCutToFit() {
        List<List<TokenizedExample>> tooLong = List.of(List.of(candidate(new int[64], 1)));

        assertThatThrownBy(() -> scorer.score(tooLong, TinyDecoder.UNHEARD))
                .hasMessage("a prompt with its completion must have at most 64 tokens (max_position_embeddings),"
                        + " but has 65");
    }

    private static TokenizedExample candidate(int[] prompt, int... completion) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, ids, prompt.length, completion.length);
        return new TokenizedExample(ids, prompt.length);
    }
}
