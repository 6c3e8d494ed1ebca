package dev.sparktune.generate;

import dev.sparktune.generate.Completion.FinishReason;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Writes completions, several prompts at a time, keys and values of what was read and written kept between the steps. */
public final class Generator {
    private static final int SEQUENCES_PER_BATCH = 16;

    /** Room for keys and values, in tokens: 380 MB with a model of the size of SmolLM2-135M. */
    private static final int CACHED_TOKENS = 8192;

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Set<Integer> eosTokenIds;

    public Generator(Decoder decoder, Tokenizer tokenizer, Set<Integer> eosTokenIds) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.eosTokenIds = Set.copyOf(eosTokenIds);
    }

    /**
     * Completes every prompt, until an end-of-sequence token, a stop string, {@code maxNewTokens} or the end of the model's
     * context.
     *
     * @param prompts ids, at least one each and at most as many as the model's context holds
     * @param finished told after every batch how many more prompts are done
     * @return in the order of the prompts
     */
    public List<Completion> generate(List<int[]> prompts, GenerateOptions options, LongConsumer finished) {
        prompts.forEach(this::check);
        Completion[] completions = new Completion[prompts.size()];
        // Prompts of like length in one batch: they are read together, and no slot of the cache stays half empty.
        List<Integer> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(p -> prompts.get(p).length))
                .toList();
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(1);
        int room = Math.min(longest + options.maxNewTokens(), decoder.maxTokens());
        int batchSize = Math.max(1, Math.min(SEQUENCES_PER_BATCH, CACHED_TOKENS / room));
        try (KvCache cache = decoder.newCache(batchSize, room)) {
            for (int from = 0; from < order.size(); from += batchSize) {
                List<Integer> batch = order.subList(from, Math.min(from + batchSize, order.size()));
                List<Sequence> sequences = batch.stream()
                        .map(p -> new Sequence(prompts.get(p), options))
                        .toList();
                complete(sequences, cache);
                for (int i = 0; i < batch.size(); i++) {
                    completions[batch.get(i)] = sequences.get(i).completion();
                }
                finished.accept(batch.size());
            }
        }
        return Arrays.asList(completions);
    }

    private void check(int[] prompt) {
        int bound = decoder.maxTokens();
        if (prompt.length == 0 || prompt.length > bound) {
            throw new IllegalArgumentException(
                    "a prompt must have 1 to " + bound + " tokens (max_position_embeddings), but has " + prompt.length);
        }
    }

    private void complete(List<Sequence> sequences, KvCache cache) {
        int[][] next =
                new int[cache.sequences()][0]; // of the last batch's unused slots and of finished sequences: none
        for (int s = 0; s < next.length; s++) {
            cache.truncate(s, 0);
            if (s < sequences.size()) {
                next[s] = sequences.get(s).prompt;
            }
        }
        while (!sequences.stream().allMatch(Sequence::finished)) {
            LogitRows logits = new LogitRows(decoder.step(cache, next));
            for (int s = 0; s < sequences.size(); s++) {
                next[s] = sequences.get(s).take(logits, s);
            }
        }
    }

    /** One prompt on its way. */
    private final class Sequence {
        private final int[] prompt;
        private final GenerateOptions options;
        private final TokenSampler sampler;
        private final Coins coins;
        private final List<Integer> written = new ArrayList<>();
        private FinishReason finishReason;
        private String text;

        Sequence(int[] prompt, GenerateOptions options) {
            this.prompt = prompt;
            this.options = options;
            this.sampler = new TokenSampler(options.temperature(), options.topK(), options.topP());
            this.coins = new Coins(options.seed(), prompt);
        }

        boolean finished() {
            return finishReason != null;
        }

        /** Chooses the next token; returns what the decoder is to read: it, or nothing of a finished sequence. */
        int[] take(LogitRows allLogits, int row) {
            if (finished()) {
                return new int[0];
            }
            float[] logits = allLogits.row(row);
            int id =
                    options.doSample() ? sampler.sample(logits, coins.at(written.size())) : TokenSampler.greedy(logits);
            if (eosTokenIds.contains(id)) {
                finish(FinishReason.STOP, decode());
                return new int[0];
            }
            written.add(id);
            if (stopStringReached()) {
                return new int[0];
            }
            int tokens = prompt.length + written.size();
            if (written.size() == options.maxNewTokens() || tokens >= decoder.maxTokens()) {
                finish(FinishReason.LENGTH, decode());
                return new int[0];
            }
            return new int[] {id};
        }

        private boolean stopStringReached() {
            if (options.stop().isEmpty()) {
                return false;
            }
            String soFar = decode();
            int cut = options.stop().stream()
                    .mapToInt(soFar::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(-1);
            if (cut >= 0) {
                finish(FinishReason.STOP, soFar.substring(0, cut));
            }
            return cut >= 0;
        }

        private String decode() {
            return tokenizer.decode(written.stream().mapToInt(Integer::intValue).toArray(), true);
        }

        private void finish(FinishReason reason, String completed) {
            finishReason = reason;
            text = completed;
        }

        Completion completion() {
            return new Completion(text, written.size(), finishReason);
        }
    }
}
