package dev.sparktune.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code training.jsonl}: a line for every {@link LogLine} and every {@link Evaluation}, under transformers' names, written
 * through as they happen; to an object store, which does not append, with every evaluation, before every checkpoint and at the
 * end. A run that goes on from an earlier step keeps the lines up to there, without those of pauses.
 */
public final class TrainingLog implements TrainingListener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAUSE = "pause";

    private final FileSystem fs;
    private final Path file;
    private GrowingFile out;

    public TrainingLog(FileSystem fs, Path file) {
        this.fs = fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
        this.file = file;
    }

    /** All whole lines of a log, in order; a last line cut short by a kill is left out. */
    public static List<JsonNode> read(FileSystem fs, Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        String text = new ReplacedFile(fs, file).read().orElse("");
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(JSON.readTree(text.substring(from, end)));
            from = end + 1;
        }
        return lines;
    }

    @Override
    public void onStart(int doneSteps, int totalSteps) {
        try {
            close(); // of an attempt that was broken off
            List<JsonNode> kept = read(fs, file);
            kept.removeIf(line ->
                    line.path("step").asInt() > doneSteps || line.path(PAUSE).asBoolean());
            out = new GrowingFile(
                    fs, file, kept.stream().map(line -> line + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void onLog(LogLine line) {
        write(JSON.createObjectNode()
                .put("step", line.step())
                .put("epoch", line.epoch())
                .put("loss", line.loss())
                .put("grad_norm", line.gradNorm())
                .put("learning_rate", line.learningRate())
                .put("num_input_tokens_seen", line.numInputTokensSeen())
                .put("tokens_per_second", line.tokensPerSecond()));
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        write(line(evaluation));
        flush();
    }

    @Override
    public void onPause(Evaluation evaluation) {
        write(line(evaluation).put(PAUSE, true));
        flush();
    }

    private static ObjectNode line(Evaluation evaluation) {
        ObjectNode line = JSON.createObjectNode()
                .put("step", evaluation.step())
                .put("epoch", evaluation.epoch())
                .put("eval_loss", evaluation.evalLoss())
                .put("eval_accuracy", evaluation.evalAccuracy())
                .put("eval_mean_token_accuracy", evaluation.evalMeanTokenAccuracy())
                .put("eval_runtime", evaluation.seconds());
        ArrayNode samples = line.putArray("samples");
        for (Evaluation.Sample sample : evaluation.samples()) {
            samples.addObject()
                    .put("prompt", sample.prompt())
                    .put("label", sample.label())
                    .put("completion", sample.completion());
        }
        return line;
    }

    /** Whoever goes on from the checkpoint finds every line up to it. */
    @Override
    public void onCheckpointBegins(int step) {
        flush();
    }

    private void write(ObjectNode line) {
        try {
            out.add(line.toString());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(IOException e) {
        return new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
                out = null;
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
