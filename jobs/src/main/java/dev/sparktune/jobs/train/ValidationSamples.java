package dev.sparktune.jobs.train;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import dev.sparktune.train.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the model complete a few validation examples greedily, to be read beside their labels: of the first examples those whose
 * labels differ, since three times the commonest one would show little.
 *
 * @param promptTokens how many tokens of an example the model is given; null for the whole prompt
 */
record ValidationSamples(
        Decoder decoder, Tokenizer tokenizer, Set<Integer> eosTokenIds, TokenShards validation, Integer promptTokens)
        implements Evaluation.Sampler {
    private static final int SAMPLES = 3;
    private static final int LOOKED_AT = 100;
    private static final int MAX_NEW_TOKENS = 32;

    @Override
    public List<Evaluation.Sample> sample() {
        List<Evaluation.Sample> samples = new ArrayList<>();
        for (TokenizedExample example : chosen()) {
            int[] given = Arrays.copyOf(example.ids(), given(example));
            samples.add(new Evaluation.Sample(
                    tokenizer.decode(given, true), label(example), tokenizer.decode(complete(given), true)));
        }
        return samples;
    }

    private Collection<TokenizedExample> chosen() {
        Map<String, TokenizedExample> byLabel = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(LOOKED_AT, validation.size()) && byLabel.size() < SAMPLES; i++) {
            byLabel.putIfAbsent(label(validation.get(i)), validation.get(i));
        }
        return byLabel.values();
    }

    private String label(TokenizedExample example) {
        int[] ids = example.ids();
        return tokenizer.decode(Arrays.copyOfRange(ids, given(example), ids.length), true);
    }

    private int given(TokenizedExample example) {
        return promptTokens == null
                ? Math.max(1, example.promptLength())
                : Math.min(promptTokens, example.ids().length - 1);
    }

    private int[] complete(int[] prompt) {
        int newTokens = Math.min(MAX_NEW_TOKENS, decoder.maxTokens() - prompt.length);
        int[] completion = new int[newTokens];
        int count = 0;
        int[] next = prompt;
        try (KvCache cache = decoder.newCache(1, prompt.length + newTokens)) {
            while (count < newTokens) {
                int token = decoder.step(cache, new int[][] {next}).argMax().getInt(0);
                if (eosTokenIds.contains(token)) {
                    break;
                }
                completion[count++] = token;
                next = new int[] {token};
            }
        }
        return Arrays.copyOf(completion, count);
    }
}
