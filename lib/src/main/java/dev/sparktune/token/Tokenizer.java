package dev.sparktune.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Text to token ids and back by a {@code tokenizer.json}, through Hugging Face's own tokenizers library (DJL's binding), so
 * that the ids are those of transformers. Nothing is ever truncated or padded, whatever the file or its
 * {@code tokenizer_config.json} says, and no connection is opened.
 *
 * <p>As in transformers, text that spells a special token ({@code <|im_end|>}) becomes that token. Java strings that are no
 * Unicode text (a surrogate without its partner) are read with U+FFFD in that place.
 *
 * <p>Safe for use by many threads.
 */
public final class Tokenizer implements AutoCloseable {
    static {
        // DJL asks the cloud's metadata address on its first use, and would fetch natives that its jar lacks.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
    }

    /** Special tokens are asked for in each call; the defaults would cut every text at 512 tokens. */
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final int vocabSize;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int vocabSize) {
        this.tokenizer = tokenizer;
        this.vocabSize = vocabSize;
    }

    /**
     * @param example the tokens of prompt and completion
     * @param boundaryMoved whether the prompt on its own has other tokens than the beginning of the whole: a token then
     *     straddles the boundary, and counts as completion
     */
    public record Encoded(TokenizedExample example, boolean boundaryMoved) {}

    /** Reads a {@code tokenizer.json}; an {@link UncheckedIOException} names the file that cannot be read or is none. */
    public static Tokenizer load(Path tokenizerJson) {
        try {
            byte[] json = Files.readAllBytes(tokenizerJson);
            int vocabSize = vocabSize(new ObjectMapper().readTree(json));
            return new Tokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS), vocabSize);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("there is no tokenizer at " + tokenizerJson, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the tokenizer " + tokenizerJson + ": " + e.getMessage(), e);
        } catch (RuntimeException e) { // what the native library says of JSON that is no tokenizer
            throw new UncheckedIOException(
                    "cannot read the tokenizer " + tokenizerJson + ": " + e.getMessage(), new IOException(e));
        }
    }

    /** Ids of a text, {@code [tokens]}. */
    public int[] encode(String text, boolean addSpecialTokens) {
        return ids(tokenizer.encode(wellFormed(text), addSpecialTokens, false));
    }

    /** Ids of many texts, on all cores unless the environment says {@code TOKENIZERS_PARALLELISM=false}. */
    public List<int[]> encodeAll(List<String> texts, boolean addSpecialTokens) {
        String[] wellFormed = texts.stream().map(Tokenizer::wellFormed).toArray(String[]::new);
        List<int[]> ids = new ArrayList<>(wellFormed.length);
        for (Encoding encoding : tokenizer.batchEncode(wellFormed, addSpecialTokens, false)) {
            ids.add(ids(encoding));
        }
        return ids;
    }

    /**
     * Prompt and completion tokenized together, special tokens added where the tokenizer's own template has them; where the
     * ids of the prompt alone are not a beginning of that, the longest common beginning is the prompt.
     *
     * @param eosTokenId appended if it is at least 0 and not there yet
     */
    public Encoded encode(String prompt, String completion, int eosTokenId) {
        int[] whole = encode(prompt + completion, true);
        int[] alone = encode(prompt, true);
        int common = 0;
        while (common < alone.length && common < whole.length && alone[common] == whole[common]) {
            common++;
        }
        // A template that closes each text closes the prompt alone, too: that token is not one of the whole's prompt.
        boolean onlyTheEndDiffers = common == alone.length - 1 && alone[common] == eosTokenId;
        boolean closed = eosTokenId < 0 || (whole.length > common && whole[whole.length - 1] == eosTokenId);
        int[] ids = whole;
        if (!closed) {
            ids = Arrays.copyOf(whole, whole.length + 1);
            ids[whole.length] = eosTokenId;
        }
        return new Encoded(new TokenizedExample(ids, common), common < alone.length && !onlyTheEndDiffers);
    }

    /** Tokens that the tokenizer's own template puts before every text; none in most. */
    public int[] leadingSpecialTokens() {
        int[] empty = encode("", true);
        int[] some = encode(".", true);
        int common = Math.max(0, Arrays.mismatch(empty, some));
        return Arrays.copyOf(empty, common);
    }

    /** Text of ids; special tokens are left out on demand, unknown ids always. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    /** One more than the highest id, added tokens included; a model's padded vocabulary may be larger. */
    public int vocabSize() {
        return vocabSize;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static int[] ids(Encoding encoding) {
        long[] longs = encoding.getIds();
        int[] ids = new int[longs.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) longs[i];
        }
        return ids;
    }

    /** The native side takes Unicode only; the encoder of UTF-8 knows which surrogates are alone. */
    private static String wellFormed(String text) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return text;
        }
        StringBuilder wellFormed = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(wellFormed::appendCodePoint);
        return wellFormed.toString();
    }

    private static int vocabSize(JsonNode json) throws IOException {
        JsonNode vocab = json.path("model").path("vocab");
        // Token → id; only Unigram has a list of [token, score], whose ids are the places.
        int highest = vocab.isArray() ? vocab.size() - 1 : -1;
        if (vocab.isObject()) {
            for (JsonNode id : vocab) {
                highest = Math.max(highest, id.asInt(-1));
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            highest = Math.max(highest, added.path("id").asInt(-1));
        }
        if (highest < 0) {
            throw new IOException("it has no model.vocab");
        }
        return highest + 1;
    }
}
