package dev.sparktune.generate;

import dev.sparktune.model.Decoder;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Rates given completions: the sum of the log-probabilities of a completion's tokens, prompt and completion tokenized
 * together as in training. Divided by the bytes of the completion's text it is what lm-evaluation-harness calls
 * {@code acc_norm}, undivided {@code acc}.
 *
 * <p>Candidates of one prompt that differ in their last token only (star ratings, say) cost one forward pass: its logits
 * rate them all. Others are packed one after another.
 */
public final class ChoiceScorer {
    /** Tokens packed into one forward pass: enough to keep the GEMMs busy, little beside the weights. */
    private static final int TOKENS_PER_BATCH = 2048;

    /** Rows of logits read at once: 128 of a vocabulary of 50,000 are 25 MB. */
    private static final int LOGIT_ROWS_PER_BATCH = 128;

    private final Decoder decoder;

    public ChoiceScorer(Decoder decoder) {
        this.decoder = decoder;
    }

    /**
     * Rates every candidate of every prompt.
     *
     * @param prompts for each prompt its candidates: the prompt's tokens and those of one completion, no end-of-sequence
     *     token. No candidate may exceed the model's context
     * @param finished told after every forward pass how many more prompts are done
     * @return for each prompt {@code [candidates]}: sums of natural logarithms
     */
    public List<double[]> score(List<List<TokenizedExample>> prompts, LongConsumer finished) {
        List<double[]> scores = new ArrayList<>();
        for (List<TokenizedExample> candidates : prompts) {
            candidates.forEach(this::check);
            scores.add(new double[candidates.size()]);
        }
        Batch batch = new Batch();
        for (int p = 0; p < prompts.size(); p++) {
            List<TokenizedExample> candidates = prompts.get(p);
            boolean together = differInLastTokenOnly(candidates);
            int forwards = together ? 1 : candidates.size();
            for (int c = 0; c < forwards; c++) {
                TokenizedExample sequence = candidates.get(c);
                if (!batch.hasRoomFor(sequence, together)) {
                    batch.run(scores, prompts);
                    finished.accept(batch.promptsFinished);
                    batch = new Batch();
                }
                batch.add(sequence, new Place(p, c, together));
            }
            batch.promptsFinished++;
        }
        batch.run(scores, prompts);
        finished.accept(batch.promptsFinished);
        return scores;
    }

    private void check(TokenizedExample candidate) {
        int bound = decoder.maxTokens();
        if (candidate.ids().length > bound) {
            throw new IllegalArgumentException("a prompt with its completion must have at most " + bound
                    + " tokens (max_position_embeddings), but has " + candidate.ids().length);
        }
    }

    private static boolean differInLastTokenOnly(List<TokenizedExample> candidates) {
        TokenizedExample first = candidates.get(0);
        int last = first.ids().length - 1;
        return first.targets() > 0
                && candidates.stream()
                        .allMatch(candidate -> candidate.promptLength() == first.promptLength()
                                && candidate.ids().length == last + 1
                                && Arrays.equals(candidate.ids(), 0, last, first.ids(), 0, last));
    }

    /** Whose score a packed sequence gives: that of one candidate, or {@code together} those of all of a prompt. */
    private record Place(int prompt, int candidate, boolean together) {}

    /** Sequences of one forward pass; either all of them need logits or none does. */
    private final class Batch {
        private final List<TokenizedExample> sequences = new ArrayList<>();
        private final List<Place> places = new ArrayList<>();
        private int tokens;
        private int targets;
        private int promptsFinished;

        boolean hasRoomFor(TokenizedExample sequence, boolean together) {
            return sequences.isEmpty()
                    || (places.get(0).together() == together
                            && tokens + sequence.ids().length <= TOKENS_PER_BATCH
                            && (!together || targets + sequence.targets() <= LOGIT_ROWS_PER_BATCH));
        }

        void add(TokenizedExample sequence, Place place) {
            sequences.add(sequence);
            places.add(place);
            tokens += sequence.ids().length;
            targets += sequence.targets();
        }

        void run(List<double[]> scores, List<List<TokenizedExample>> prompts) {
            if (targets == 0) {
                return; // only completions without a token: their sums are 0
            }
            PackedBatch packed = PackedBatch.of(sequences);
            if (places.get(0).together()) {
                rateTogether(packed, scores, prompts);
            } else {
                rateOneByOne(packed, scores);
            }
        }

        private void rateOneByOne(PackedBatch packed, List<double[]> scores) {
            double[] logProbs = decoder.logProbs(packed);
            int target = 0;
            for (int s = 0; s < places.size(); s++) {
                double sum = 0;
                for (int i = 0; i < sequences.get(s).targets(); i++) {
                    sum += logProbs[target++];
                }
                Place place = places.get(s);
                scores.get(place.prompt())[place.candidate()] = sum;
            }
        }

        private void rateTogether(PackedBatch packed, List<double[]> scores, List<List<TokenizedExample>> prompts) {
            LogitRows logits = new LogitRows(decoder.logits(packed));
            int row = 0;
            for (int s = 0; s < places.size(); s++) {
                double before = 0; // of the tokens that all candidates share
                for (int i = 1; i < sequences.get(s).targets(); i++) {
                    before += logits.logit(row, packed.targets()[row]) - logits.logSumExp(row);
                    row++;
                }
                double normalizer = logits.logSumExp(row);
                List<TokenizedExample> candidates = prompts.get(places.get(s).prompt());
                double[] sums = scores.get(places.get(s).prompt());
                for (int c = 0; c < sums.length; c++) {
                    int[] ids = candidates.get(c).ids();
                    sums[c] = before + logits.logit(row, ids[ids.length - 1]) - normalizer;
                }
                row++;
            }
        }
    }
}
