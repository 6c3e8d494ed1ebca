package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackedBatchTest {

    @Test
    void packsTheArraysOfTheJavadoc() {
        PackedBatch batch = PackedBatch.of(
                List.of(new TokenizedExample(new int[] {5, 6, 7, 8}, 2), new TokenizedExample(new int[] {9, 4}, 1)));

        assertThat(batch.ids()).containsExactly(5, 6, 7, 8, 9, 4);
        assertThat(batch.starts()).containsExactly(0, 4, 6);
        assertThat(batch.lossPositions()).containsExactly(1, 2, 4);
        assertThat(batch.targets()).containsExactly(7, 8, 4);
    }

    @Test
    void plainTextLearnsEveryTokenButItsFirst() {
        PackedBatch batch = PackedBatch.of(List.of(new TokenizedExample(new int[] {3, 1, 2}, 0)));

        assertThat(batch.lossPositions()).containsExactly(0, 1);
        assertThat(batch.targets()).containsExactly(1, 2);
    }

    @Test
    void anExampleThatIsAllPromptHasNoTarget() {
        assertThat(new TokenizedExample(new int[] {3, 1}, 2).targets()).isZero();
        assertThat(new TokenizedExample(new int[0], 0).targets()).isZero();
    }

    @Test
    void aPromptLongerThanTheExampleIsRefused() {
        assertThatThrownBy(() -> new TokenizedExample(new int[] {3}, 2))
                .hasMessage("promptLength must be in [0, 1], but is 2");
    }
}
