package dev.sparktune.model.hf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of llama2.c (run.c) decides which token comes next, float for float, and how it tokenizes: the texts' own oracle. */
final class Llama2c {
    private Llama2c() {}

    /** Its sampler: greedy at temperature 0, else nucleus sampling with a generator of the xorshift* family. */
    static final class Sampler {
        private final float temperature;
        private final float topP;
        private long state;

        Sampler(float temperature, float topP, long seed) {
            this.temperature = temperature;
            this.topP = topP;
            state = seed;
        }

        int next(float[] logits) {
            if (temperature == 0) {
                int best = 0;
                for (int i = 1; i < logits.length; i++) {
                    best = logits[i] > logits[best] ? i : best;
                }
                return best;
            }
            return nucleus(softmax(logits), uniform());
        }

        private float[] softmax(float[] logits) {
            float[] p = new float[logits.length];
            float max = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                max = Math.max(max, logit / temperature);
            }
            float sum = 0;
            for (int i = 0; i < p.length; i++) {
                p[i] = (float) Math.exp(logits[i] / temperature - max);
                sum += p[i];
            }
            for (int i = 0; i < p.length; i++) {
                p[i] /= sum;
            }
            return p;
        }

        private int nucleus(float[] p, float coin) {
            float cutoff = (1 - topP) / (p.length - 1);
            List<Integer> likely = new ArrayList<>();
            for (int i = 0; i < p.length; i++) {
                if (p[i] >= cutoff) {
                    likely.add(i);
                }
            }
            likely.sort((a, b) -> Float.compare(p[b], p[a]));
            float total = 0;
            int kept = 0;
            while (kept < likely.size() && total <= topP) {
                total += p[likely.get(kept++)];
            }
            float r = coin * total;
            float cumulative = 0;
            for (int i = 0; i < kept; i++) {
                cumulative += p[likely.get(i)];
                if (r < cumulative) {
                    return likely.get(i);
                }
            }
            return likely.get(kept - 1);
        }

        private float uniform() {
            state ^= state >>> 12;
            state ^= state << 25;
            state ^= state >>> 27;
            int random = (int) ((state * 0x2545F4914F6CDD1DL) >>> 32);
            return (random >>> 8) / 16777216f;
        }
    }

    /** Its tokenizer: joins the pair with the best score until none is left. Latin-1 strings stand for bytes. */
    static final class Tokenizer {
        private final List<String> pieces = new ArrayList<>();
        private final List<Float> scores = new ArrayList<>();
        private final Map<String, Integer> ids = new HashMap<>();

        Tokenizer(Path tokenizerBin, int size) throws IOException {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(tokenizerBin)).order(ByteOrder.LITTLE_ENDIAN);
            in.getInt();
            for (int i = 0; i < size; i++) {
                scores.add(in.getFloat());
                byte[] piece = new byte[in.getInt()];
                in.get(piece);
                pieces.add(new String(piece, StandardCharsets.ISO_8859_1));
                ids.putIfAbsent(pieces.get(i), i);
            }
        }

        int[] encode(String text) {
            List<Integer> tokens = new ArrayList<>(List.of(1));
            if (!text.isEmpty()) {
                tokens.add(ids.get(" "));
            }
            text.codePoints().forEach(c -> {
                byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                Integer id = ids.get(new String(utf8, StandardCharsets.ISO_8859_1));
                if (id != null) {
                    tokens.add(id);
                } else {
                    for (byte b : utf8) {
                        tokens.add((b & 0xFF) + 3);
                    }
                }
            });
            while (joinBest(tokens)) {}
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        }

        private boolean joinBest(List<Integer> tokens) {
            int best = -1;
            Integer joint = null;
            for (int i = 0; i + 1 < tokens.size(); i++) {
                Integer id = ids.get(pieces.get(tokens.get(i)) + pieces.get(tokens.get(i + 1)));
                if (id != null && (joint == null || scores.get(id) > scores.get(joint))) {
                    best = i;
                    joint = id;
                }
            }
            if (joint == null) {
                return false;
            }
            tokens.set(best, joint);
            tokens.remove(best + 1);
            return true;
        }
    }
}
