package dev.sparktune.jobs.train;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import dev.sparktune.train.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Lets the model complete the first few validation examples greedily, to be read beside their labels.
 *
 * @param promptTokens how much of an example the model is given
 */
record ValidationSamples(
        Decoder decoder,
        Tokenizer tokenizer,
        Set<Integer> eosTokenIds,
        TokenShards validation,
        ToIntFunction<TokenizedExample> promptTokens)
        implements Evaluation.Sampler {
    private static final int SAMPLES = 3;
    private static final int MAX_NEW_TOKENS = 32;

    @Override
    public List<Evaluation.Sample> sample() {
        List<Evaluation.Sample> samples = new ArrayList<>();
        for (int i = 0; i < Math.min(SAMPLES, validation.size()); i++) {
            int[] ids = validation.get(i).ids();
            int prompt = promptTokens.applyAsInt(validation.get(i));
            int[] given = Arrays.copyOf(ids, prompt);
            samples.add(new Evaluation.Sample(
                    tokenizer.decode(given, true),
                    tokenizer.decode(Arrays.copyOfRange(ids, prompt, ids.length), true),
                    tokenizer.decode(complete(given), true)));
        }
        return samples;
    }

    private int[] complete(int[] prompt) {
        int newTokens = Math.min(MAX_NEW_TOKENS, decoder.config().maxPositionEmbeddings() - prompt.length);
        int[] completion = new int[newTokens];
        int count = 0;
        KvCache cache = decoder.newCache(1, prompt.length + newTokens);
        int[] next = prompt;
        while (count < newTokens) {
            int token = decoder.step(cache, new int[][] {next}).argMax().getInt(0);
            if (eosTokenIds.contains(token)) {
                break;
            }
            completion[count++] = token;
            next = new int[] {token};
        }
        return Arrays.copyOf(completion, count);
    }
}
