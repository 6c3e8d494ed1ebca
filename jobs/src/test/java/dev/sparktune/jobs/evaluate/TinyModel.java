package dev.sparktune.jobs.evaluate;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.SaveDtype;
import dev.sparktune.token.ByteLevelTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.buffer.DataType;

/** A random model over bytes, as a Hugging Face directory. */
final class TinyModel {
    static final int CONTEXT_TOKENS = 200;

    private static final String CONFIG = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 260, "hidden_size": 16,
             "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "head_dim": 4, "max_position_embeddings": %d, "rms_norm_eps": 1e-5, "rope_theta": 10000,
             "tie_word_embeddings": true, "bos_token_id": 256, "eos_token_id": 257}""".formatted(CONTEXT_TOKENS);

    private TinyModel() {}

    static Path write(Path directory, long seed) throws IOException {
        Path base = Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-config"));
        Files.writeString(base.resolve("config.json"), CONFIG);
        ByteLevelTokenizer.write(base);
        try (Decoder decoder = Decoder.create(ModelInfo.read(base).decoderConfig(), DataType.FLOAT)) {
            decoder.initialize(seed, 0.3);
            HfModel.save(directory, decoder, base, SaveDtype.FLOAT32);
        }
        return directory;
    }
}
