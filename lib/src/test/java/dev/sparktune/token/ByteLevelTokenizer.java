package dev.sparktune.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small {@code tokenizer.json} for tests: byte-level BPE with the 256 bytes, the merges {@code "a"+"b"} and
 * {@code " "+"x"}, {@code <s>} (256, put before each text) and {@code </s>} (257). It asks for truncation to 8 tokens and
 * padding to 16, which nobody must heed.
 */
public final class ByteLevelTokenizer {
    public static final int BOS = 256;
    public static final int EOS = 257;
    public static final int AB = 258;
    public static final int SPACE_X = 259;

    private ByteLevelTokenizer() {}

    public static Path write(Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode vocab = mapper.createObjectNode();
        int shifted = 256;
        for (int b = 0; b < 256; b++) {
            // GPT-2's alphabet: printable bytes stand for themselves, the others for letters from U+0100.
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            vocab.put(Character.toString(printable ? b : shifted++), b);
        }
        vocab.put("<s>", BOS).put("</s>", EOS).put("ab", AB).put("Ġx", SPACE_X);
        ObjectNode root = mapper.createObjectNode();
        root.put("version", "1.0");
        root.set("truncation", mapper.readTree("""
                {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}"""));
        root.set("padding", mapper.readTree("""
                {"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 257,
                 "pad_type_id": 0, "pad_token": "</s>"}"""));
        root.set("added_tokens", mapper.readTree("""
                [{"id": 256, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
                  "normalized": false, "special": true},
                 {"id": 257, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
                  "normalized": false, "special": true}]"""));
        root.putNull("normalizer");
        root.set("pre_tokenizer", mapper.readTree("""
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}"""));
        root.set("post_processor", mapper.readTree("""
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [256], "tokens": ["<s>"]}}}"""));
        root.set("decoder", mapper.readTree("""
                {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}"""));
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        model.set("vocab", vocab);
        model.putArray("merges").add("a b").add("Ġ x");
        Path file = directory.resolve("tokenizer.json");
        Files.write(file, mapper.writeValueAsBytes(root));
        return file;
    }
}
