package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizedExampleTest {
    private static final TokenizedExample EXAMPLE = new TokenizedExample(new int[] {1, 2, 3, 4, 8, 9}, 4);

    @Test
    void aPromptIsCutFromTheLeftButForWhatBeginsIt() {
        assertThat(EXAMPLE.withPromptCut(5, 1)).contains(new TokenizedExample(new int[] {1, 3, 4, 8, 9}, 3));
        assertThat(EXAMPLE.withPromptCut(4, 0)).contains(new TokenizedExample(new int[] {3, 4, 8, 9}, 2));
        assertThat(EXAMPLE.withPromptCut(6, 1)).containsSame(EXAMPLE);
    }

    /** Before the completion stays at least one token, from which its first is predicted. */
    @ParameterizedTest
    @CsvSource({"3, 0, true", "2, 0, false", "3, 1, true", "2, 1, false", "4, 2, true", "3, 2, false"})
    void theCompletionIsWholeOrTheExampleDoesNotFit(int maxLength, int kept, boolean fits) {
        Optional<TokenizedExample> cut = EXAMPLE.withPromptCut(maxLength, kept);
        assertThat(cut.isPresent()).isEqualTo(fits);
        cut.ifPresent(example -> {
            assertThat(example.ids()).hasSize(maxLength).endsWith(8, 9);
            assertThat(example.targets()).isEqualTo(EXAMPLE.targets());
        });
    }

    @Test
    void textWithoutAPromptIsNeverCut() {
        assertThat(new TokenizedExample(new int[] {1, 2, 3}, 0).withPromptCut(2, 0))
                .isEmpty();
    }
}
