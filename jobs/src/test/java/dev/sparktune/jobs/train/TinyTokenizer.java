package dev.sparktune.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A tokenizer of single characters, printable ASCII, whose end of a text is {@code <|end|>}, id 0. */
public final class TinyTokenizer {
    private TinyTokenizer() {}

    /** Writes tokenizer.json and tokenizer_config.json into a new directory. */
    public static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        ObjectMapper json = new ObjectMapper();
        ObjectNode vocab = json.createObjectNode().put("<|end|>", 0).put("Ġ", 1);
        for (char c = '!'; c <= '~'; c++) {
            vocab.put(String.valueOf(c), vocab.size());
        }
        ObjectNode tokenizer = json.createObjectNode().put("version", "1.0");
        tokenizer
                .putArray("added_tokens")
                .addObject()
                .put("id", 0)
                .put("content", "<|end|>")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        Map<String, Object> bytes =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        tokenizer.set("pre_tokenizer", json.valueToTree(bytes));
        tokenizer.set("decoder", json.valueToTree(bytes));
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        model.set("vocab", vocab);
        model.putArray("merges");
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"eos_token\": \"<|end|>\"}");
        return directory;
    }
}
