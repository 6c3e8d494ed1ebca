package dev.sparktune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
    /** Probabilities 0.2, 0.5 and 0.3. */
    private final float[] logits = {(float) Math.log(0.2), (float) Math.log(0.5), (float) Math.log(0.3)};

    @Test
    void aCoinFallsOnTheSharesFromTheLikeliestDown() {
        TokenSampler sampler = new TokenSampler(1, 0, 1);

        assertThat(sampler.sample(logits, 0)).isEqualTo(1);
        assertThat(sampler.sample(logits, 0.49)).isEqualTo(1);
        assertThat(sampler.sample(logits, 0.51)).isEqualTo(2);
        assertThat(sampler.sample(logits, 0.79)).isEqualTo(2);
        assertThat(sampler.sample(logits, 0.81)).isZero();
        assertThat(sampler.sample(logits, Math.nextDown(1.0))).isZero();
    }

    @Test
    void topPLeavesTheSharesOfTheJavadoc() {
        TokenSampler sampler = new TokenSampler(1, 0, 0.7);

        assertThat(sampler.sample(logits, 0.62)).isEqualTo(1);
        assertThat(sampler.sample(logits, 0.63)).isEqualTo(2);
        assertThat(sampler.sample(logits, 0.999)).isEqualTo(2);
        assertThat(new TokenSampler(1, 0, 1e-9).sample(logits, 0.999)).isEqualTo(1);
    }

    @Test
    void topKCutsBeforeTopPAndATinyTemperatureIsGreedy() {
        assertThat(new TokenSampler(1, 2, 1).sample(logits, 0.999)).isEqualTo(2);
        assertThat(new TokenSampler(1e-3, 0, 1).sample(logits, 0.999)).isEqualTo(1);
        assertThat(TokenSampler.greedy(logits)).isEqualTo(1);
    }

    @Test
    void equalLogitsRankByIdWhateverTheirSign() {
        float[] equal = {-2, -1, -1, Float.NEGATIVE_INFINITY};

        assertThat(TokenSampler.greedy(equal)).isEqualTo(1);
        assertThat(new TokenSampler(1, 1, 1).sample(equal, 0.9)).isEqualTo(1);
        assertThat(new TokenSampler(1, 0, 1).sample(equal, 0.999999)).isZero();
    }

    @Test
    void coinsAreUniformAndBelongToSeedPromptAndPlace() {
        Coins coins = new Coins(1, new int[] {5, 6});
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(coins.at(i)).isBetween(0.0, Math.nextDown(1.0));
            sum += coins.at(i);
        }
        assertThat(sum / 10_000).isCloseTo(0.5, within(0.01));
        assertThat(coins.at(3)).isEqualTo(new Coins(1, new int[] {5, 6}).at(3));
        assertThat(coins.at(3)).isNotEqualTo(new Coins(2, new int[] {5, 6}).at(3));
        assertThat(coins.at(3)).isNotEqualTo(new Coins(1, new int[] {6, 5}).at(3));
    }

    @Test
    void impossibleOptionsAreNamed() {
        assertThatThrownBy(() -> GenerateOptions.greedy(0)).hasMessage("max_new_tokens must be at least 1, but is 0");
        assertThatThrownBy(() -> new GenerateOptions(1, true, 0, 0, 1, List.of(), 0))
                .hasMessage("temperature must be above 0, but is 0.0");
        assertThatThrownBy(() -> new GenerateOptions(1, true, 1, -1, 1, List.of(), 0))
                .hasMessage("top_k must be at least 0, but is -1");
        assertThatThrownBy(() -> new GenerateOptions(1, true, 1, 0, 1.5, List.of(), 0))
                .hasMessage("top_p must be in (0, 1], but is 1.5");
        assertThatThrownBy(() -> new GenerateOptions(1, true, 1, 0, 1, List.of(""), 0))
                .hasMessage("an empty text cannot be a stop string");
    }
}
