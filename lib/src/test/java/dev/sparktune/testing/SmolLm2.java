package dev.sparktune.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SmolLM2-135M-Instruct as a Hugging Face directory in float16: 269 MB and a minute's work, so kept between runs. */
public final class SmolLm2 {
    private SmolLm2() {}

    /** The directory; without the shared model or Python the test is skipped. */
    public static Path require() throws IOException {
        Path source = Shared.require("models/smollm2-135m-instruct");
        Path model = Path.of(System.getProperty("java.io.tmpdir"), "sparktune-smollm2-135m-instruct-float16");
        PythonEnv.require();
        if (!Files.exists(model)) {
            Path made = Files.createTempDirectory(model.getParent(), "sparktune-smollm2");
            PythonEnv.run(source.resolve("to_hf.py"), made, "float16");
            Files.move(made, model);
        }
        return model;
    }
}
