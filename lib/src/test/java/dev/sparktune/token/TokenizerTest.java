package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final int BOS = ByteLevelTokenizer.BOS;
    private static final int EOS = ByteLevelTokenizer.EOS;

    @TempDir
    private static Path directory;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() throws IOException {
        tokenizer = Tokenizer.load(ByteLevelTokenizer.write(directory));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void specialTokensComeOnlyWhenAskedFor() {
        assertThat(tokenizer.encode("ab x", false)).containsExactly(ByteLevelTokenizer.AB, ByteLevelTokenizer.SPACE_X);
        assertThat(tokenizer.encode("ab x", true))
                .containsExactly(BOS, ByteLevelTokenizer.AB, ByteLevelTokenizer.SPACE_X);
        assertThat(tokenizer.decode(new int[] {BOS, 'h', 'i', EOS}, true)).isEqualTo("hi");
        assertThat(tokenizer.decode(new int[] {BOS, 'h', 'i', EOS}, false)).isEqualTo("<s>hi</s>");
        assertThat(tokenizer.encode("hi</s>", false)).containsExactly('h', 'i', EOS);
    }

    @Test
    void theTemplatesTokenStandsBeforeEveryText() {
        assertThat(tokenizer.leadingSpecialTokens()).containsExactly(BOS);
    }

    @Test
    void aTextOfThreeThousandTokensComesBackWhole() {
        String text = "The quick brown fox. ".repeat(150).substring(0, 3000);

        int[] ids = tokenizer.encode(text, false);

        assertThat(ids).hasSize(3000);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "  two  spaces ",
                "tab\tand\nline\r\n",
                "a|||b {{ 7*7 }} <br />&amp;",
                "naïve Zoë — “quoted”…",
                "很好的产品，五颗星",
                "ممتاز جدا",
                "👍🏽👨‍👩‍👧‍👦🇩🇪",
                "nul \0 inside",
                "it 's , fine ."
            })
    void decodingGivesBackTheText(String text) {
        assertThat(tokenizer.decode(tokenizer.encode(text, false), true)).isEqualTo(text);
    }

    @Test
    void aLoneSurrogateIsReadAsTheReplacementCharacter() {
        String broken = "cut \uD83D here \uDC4D, whole \uD83D\uDC4D";

        assertThat(tokenizer.decode(tokenizer.encode(broken, false), true))
                .isEqualTo("cut \uFFFD here \uFFFD, whole 👍");
    }

    @Test
    void manyTextsHaveTheIdsOfEach() {
        List<String> texts = List.of("ab", "", "a longer text than eight tokens", "👍 x");

        List<int[]> together = tokenizer.encodeAll(texts, true);

        assertThat(together).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(together.get(i)).isEqualTo(tokenizer.encode(texts.get(i), true));
        }
        assertThat(tokenizer.encodeAll(List.of(), false)).isEmpty();
    }

    @Test
    void promptAndCompletionAreTokenizedTogether() {
        Tokenizer.Encoded encoded = tokenizer.encode("Rate:", " x", EOS);

        assertThat(encoded.example().ids())
                .containsExactly(BOS, 'R', 'a', 't', 'e', ':', ByteLevelTokenizer.SPACE_X, EOS);
        assertThat(encoded.example().promptLength()).isEqualTo(6);
        assertThat(encoded.boundaryMoved()).isFalse();
        assertThat(tokenizer.encode("Rate:", " x", -1).example().ids()).doesNotContain(EOS);
    }

    @Test
    void aTokenAcrossTheBoundaryBelongsToTheCompletion() {
        Tokenizer.Encoded encoded = tokenizer.encode("xa", "b", EOS);

        assertThat(encoded.example().ids()).containsExactly(BOS, 'x', ByteLevelTokenizer.AB, EOS);
        assertThat(encoded.example().promptLength()).isEqualTo(2);
        assertThat(encoded.boundaryMoved()).isTrue();
    }

    @Test
    void anEndThatIsThereIsNotDoubled() {
        assertThat(tokenizer.encode("p", "c</s>", EOS).example().ids()).containsExactly(BOS, 'p', 'c', EOS);
    }

    @Test
    void anEndInsideThePromptStaysThePrompts() {
        assertThat(tokenizer.encode("p</s>", "c", EOS))
                .isEqualTo(new Tokenizer.Encoded(new TokenizedExample(new int[] {BOS, 'p', EOS, 'c', EOS}, 3), false));
        assertThat(tokenizer.encode("p</s>", "", EOS).example())
                .isEqualTo(new TokenizedExample(new int[] {BOS, 'p', EOS, EOS}, 3));
    }

    @Test
    void aTemplateThatClosesEachTextMovesNoBoundary() throws IOException {
        Path closing = Files.createDirectory(directory.resolve("closing"));
        Path file = ByteLevelTokenizer.write(closing);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\"",
                                "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},"
                                        + "{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}],\"pair\"")
                        .replace(
                                "\"special_tokens\":{",
                                "\"special_tokens\":{\"</s>\":{\"id\":\"</s>\",\"ids\":[257],\"tokens\":[\"</s>\"]},"));
        try (Tokenizer closes = Tokenizer.load(file)) {
            assertThat(closes.encode("p", "c", EOS))
                    .isEqualTo(new Tokenizer.Encoded(new TokenizedExample(new int[] {BOS, 'p', 'c', EOS}, 2), false));
        }
    }

    @Test
    void idsOutsideTheVocabularyAreLeftOut() {
        // a model whose vocabulary is padded can produce them
        assertThat(tokenizer.decode(new int[] {'h', 260, 1_000_000, 'i', -1}, true))
                .isEqualTo("hi");
    }

    @Test
    void theVocabularyCountsAddedTokens() {
        assertThat(tokenizer.vocabSize()).isEqualTo(260);
    }

    @Test
    void aFileThatIsNoTokenizerIsNamed() throws IOException {
        Path none = directory.resolve("none.json");
        Path text = Files.writeString(directory.resolve("text.json"), "no JSON");
        Path empty = Files.writeString(directory.resolve("empty.json"), "{}");
        Path wrong = Files.writeString(directory.resolve("wrong.json"), "{\"model\": {\"vocab\": {\"a\": 0}}}");

        assertThatThrownBy(() -> Tokenizer.load(none)).hasMessage("there is no tokenizer at " + none);
        assertThatThrownBy(() -> Tokenizer.load(text)).hasMessageStartingWith("cannot read the tokenizer " + text);
        assertThatThrownBy(() -> Tokenizer.load(empty))
                .hasMessage("cannot read the tokenizer " + empty + ": it has no model.vocab");
        assertThatThrownBy(() -> Tokenizer.load(wrong)).hasMessageStartingWith("cannot read the tokenizer " + wrong);
    }

    @Test
    void idsOfBytesAreBytes() {
        byte[] utf8 = "é€".getBytes(StandardCharsets.UTF_8);

        int[] ids = tokenizer.encode("é€", false);

        assertThat(Arrays.stream(ids).toArray()).hasSameSizeAs(utf8);
        for (int i = 0; i < utf8.length; i++) {
            assertThat(ids[i]).isEqualTo(utf8[i] & 0xFF);
        }
    }
}
