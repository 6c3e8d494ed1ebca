package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Decoder;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Logits of transformers, by scripts/reference/hf_logits.py, beside ours. */
final class TransformersLogits {
    private TransformersLogits() {}

    /** For each model {@code [tokens of all sequences][vocab]}. */
    static Map<Path, float[][]> of(List<Path> models, List<int[]> sequences, Path scratch) throws IOException {
        Path file = Files.write(scratch.resolve("sequences.json"), new ObjectMapper().writeValueAsBytes(sequences));
        Map<Path, Path> files = new LinkedHashMap<>();
        List<Object> arguments = new ArrayList<>(List.of(file));
        for (Path model : models) {
            files.put(model, scratch.resolve("logits-" + files.size()));
            arguments.addAll(List.of(model, files.get(model)));
        }
        PythonEnv.run(ProjectRoot.resolve("scripts/reference/hf_logits.py"), arguments.toArray());
        int tokens = sequences.stream().mapToInt(ids -> ids.length).sum();
        Map<Path, float[][]> logits = new LinkedHashMap<>();
        for (Map.Entry<Path, Path> written : files.entrySet()) {
            logits.put(written.getKey(), read(written.getValue(), tokens));
        }
        return logits;
    }

    /** {@code [count][vocab]} of a file with nothing but float32. */
    static float[][] read(Path file, int count) throws IOException {
        FloatBuffer floats = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[][] rows = new float[count][floats.remaining() / count];
        for (float[] row : rows) {
            floats.get(row);
        }
        return rows;
    }

    /** Over all tokens of all sequences, given to the decoder as one packed batch. */
    static double largestDifference(float[][] expected, Decoder decoder, List<int[]> sequences) {
        List<TokenizedExample> examples = new ArrayList<>();
        for (int[] ids : sequences) {
            // One token more, so that the last one's logits are asked for, too.
            examples.add(new TokenizedExample(Arrays.copyOf(ids, ids.length + 1), 0));
        }
        INDArray logits = decoder.logits(PackedBatch.of(examples));
        double largest = 0;
        for (int row = 0; row < expected.length; row++) {
            double[] ours = logits.getRow(row).toDoubleVector();
            for (int i = 0; i < ours.length; i++) {
                largest = Math.max(largest, Math.abs(ours[i] - expected[row][i]));
            }
        }
        return largest;
    }
}
