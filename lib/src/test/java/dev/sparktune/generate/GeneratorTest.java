package dev.sparktune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.generate.Completion.FinishReason;
import dev.sparktune.model.Decoder;
import dev.sparktune.token.ByteLevelTokenizer;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static final int CONTEXT = 64;

    @TempDir
    Path directory;

    private final Decoder decoder = TinyDecoder.random(CONTEXT);
    private Tokenizer tokenizer;

    @BeforeEach
    void load() throws IOException {
        tokenizer = Tokenizer.load(ByteLevelTokenizer.write(directory));
    }

    @AfterEach
    void close() {
        tokenizer.close();
        decoder.close();
    }

    @Test
    void greedyWritesWhatWholeForwardPassesWouldChoose() {
        List<int[]> prompts = prompts(18);

        List<Completion> completions = generate(prompts, GenerateOptions.greedy(4), Set.of());

        for (int p = 0; p < prompts.size(); p++) {
            assertThat(completions.get(p).text()).isEqualTo(text(greedy(prompts.get(p), 4)));
            assertThat(completions.get(p).newTokens()).isEqualTo(4);
            assertThat(completions.get(p).finishReason()).hasToString("length");
        }
    }

    @Test
    void sampledTextDependsOnSeedAndPromptButNotOnTheBatch() {
        List<int[]> prompts = prompts(18);
        GenerateOptions options = new GenerateOptions(8, true, 1.3, 50, 0.95, List.of(), 4);

        List<Completion> together = generate(prompts, options, Set.of());

        assertThat(generate(List.of(prompts.get(7)), options, Set.of())).containsExactly(together.get(7));
        assertThat(generate(prompts, new GenerateOptions(8, true, 1.3, 50, 0.95, List.of(), 5), Set.of()))
                .isNotEqualTo(together);
    }

    @Test
    void anEndOfSequenceTokenEndsTheTextAndIsNotInIt() {
        int[] prompt = prompts(1).get(0);
        int[] written = greedy(prompt, 4);

        Completion completion = generate(List.of(prompt), GenerateOptions.greedy(10), Set.of(written[3]))
                .get(0);

        int until = 0;
        while (written[until] != written[3]) {
            until++;
        }
        assertThat(completion).isEqualTo(new Completion(text(Arrays.copyOf(written, until)), until, FinishReason.STOP));
    }

    @Test
    void aStopStringEndsTheTextAndIsNotInIt() {
        int[] prompt = {104, 105};
        String whole = text(greedy(prompt, 10));
        String stop = whole.substring(4, 6);
        GenerateOptions options = new GenerateOptions(10, false, 1, 0, 1, List.of("never", stop), 0);

        Completion completion = generate(List.of(prompt), options, Set.of()).get(0);

        assertThat(completion.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aFullContextEndsTheText() {
        int[] prompt = new int[CONTEXT - 3];
        Arrays.fill(prompt, 97);

        Completion completion =
                generate(List.of(prompt), GenerateOptions.greedy(10), Set.of()).get(0);

        assertThat(completion.newTokens()).isEqualTo(3);
        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aPromptThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> generate(List.of(new int[CONTEXT + 1]), GenerateOptions.greedy(1), Set.of()))
                .hasMessage("a prompt must have 1 to 64 tokens (max_position_embeddings), but has 65");
        assertThatThrownBy(() -> generate(List.of(new int[0]), GenerateOptions.greedy(1), Set.of()))
                .hasMessage("a prompt must have 1 to 64 tokens (max_position_embeddings), but has 0");
    }

    private List<Completion> generate(List<int[]> prompts, GenerateOptions options, Set<Integer> eos) {
        return new Generator(decoder, tokenizer, eos).generate(prompts, options, TinyDecoder.UNHEARD);
    }

    /** By a whole forward pass over prompt and text for each token. */
    private int[] greedy(int[] prompt, int count) {
        int[] ids = prompt;
        for (int i = 0; i < count; i++) {
            int[] withAny = Arrays.copyOf(ids, ids.length + 1); // the place whose logits predict the next token
            float[] logits = new LogitRows(
                            decoder.logits(PackedBatch.of(List.of(new TokenizedExample(withAny, ids.length)))))
                    .row(0);
            withAny[ids.length] = TokenSampler.greedy(logits);
            ids = withAny;
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    private String text(int[] ids) {
        return tokenizer.decode(ids, true);
    }

    private static List<int[]> prompts(int count) {
        Random random = new Random(2);
        List<int[]> prompts = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            prompts.add(random.ints(1 + random.nextInt(40), 0, 256).toArray());
        }
        return prompts;
    }
}
