package dev.sparktune.train;

import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.Lora;
import dev.sparktune.token.TokenShardWriter;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;

/** A model and data so small that a run takes milliseconds; everything is seeded. */
final class TinyRun {
    static final DecoderConfig CONFIG = DecoderConfig.llama(24, 8, 12, 1, 1, 1, 8, 32, 1e-5, 10000, true);

    private final FileSystem fs;
    private final Path directory;
    private final TokenShards train;
    private final TokenShards validation;

    TinyRun(java.nio.file.Path directory) {
        try {
            this.fs = FileSystem.getLocal(new Configuration());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.directory = new Path(directory.toUri());
        this.train = shards("train.tokens", examples(24, 1));
        this.validation = shards("validation.tokens", examples(6, 2));
    }

    FileSystem fs() {
        return fs;
    }

    Path file(String name) {
        return new Path(directory, name);
    }

    Checkpoints checkpoints() {
        return checkpoints(Exchange.ALONE);
    }

    Checkpoints checkpoints(Exchange exchange) {
        return new Checkpoints(fs, file("checkpoints"), 2, exchange);
    }

    TokenShards train() {
        return train;
    }

    TokenShards validation() {
        return validation;
    }

    TokenShards shards(String name, List<TokenizedExample> examples) {
        Path file = file(name);
        try {
            if (!fs.exists(file)) {
                try (TokenShardWriter writer = new TokenShardWriter(fs, file)) {
                    examples.forEach(writer::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TokenShards.open(fs, List.of(file));
    }

    /** Counting sequences: the completion goes on where the prompt stops, so there is something to learn. */
    private static List<TokenizedExample> examples(int count, long seed) {
        Random random = new Random(seed);
        List<TokenizedExample> examples = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            int[] ids = new int[4 + random.nextInt(6)];
            ids[0] = random.nextInt(CONFIG.vocabSize());
            for (int i = 1; i < ids.length; i++) {
                ids[i] = (ids[i - 1] + 1) % CONFIG.vocabSize();
            }
            examples.add(new TokenizedExample(ids, 2));
        }
        return examples;
    }

    static Decoder decoder() {
        Decoder decoder = Decoder.create(CONFIG, DataType.FLOAT);
        decoder.initialize(3, 0.1);
        return decoder;
    }

    /** With LoRA and much dropout on two maps. */
    static Decoder withLora(Decoder base) {
        List<Lora.Module> modules = List.of(
                new Lora.Module("query", List.of("blocks.0.query"), 2, 1),
                new Lora.Module("down", List.of("blocks.0.down"), 3, 2));
        return base.with(Adapter.start(new Lora(base.layout(), 0.4, modules), base, 7));
    }

    /** 12 updates: one line of the log each 4, an evaluation each 3, a checkpoint each 5. */
    static TrainOptions options() {
        return options(12, 1e-2);
    }

    static TrainOptions options(int maxSteps, double learningRate) {
        return new TrainOptions(
                0,
                maxSteps,
                4,
                2,
                learningRate,
                LearningRateSchedule.Type.COSINE,
                2,
                0,
                0.1,
                0.9,
                0.999,
                1e-8,
                1.0,
                4,
                3,
                5,
                2,
                EarlyStopping.NEVER,
                42);
    }

    static TrainOptions with(TrainOptions options, int microBatchSize, EarlyStopping earlyStopping) {
        return new TrainOptions(
                options.numTrainEpochs(),
                options.maxSteps(),
                options.globalBatchSize(),
                microBatchSize,
                options.learningRate(),
                options.lrSchedulerType(),
                options.warmupSteps(),
                options.warmupRatio(),
                options.weightDecay(),
                options.adamBeta1(),
                options.adamBeta2(),
                options.adamEpsilon(),
                options.maxGradNorm(),
                options.loggingSteps(),
                options.evalSteps(),
                options.saveSteps(),
                options.saveTotalLimit(),
                earlyStopping,
                options.seed());
    }

    Trainer trainer(Decoder decoder, TrainOptions options, TrainingListener listener) {
        return trainer(decoder, options, listener, Exchange.ALONE);
    }

    Trainer trainer(Decoder decoder, TrainOptions options, TrainingListener listener, Exchange exchange) {
        return new Trainer(
                decoder,
                train,
                validation,
                options,
                checkpoints(exchange),
                Evaluation.Sampler.NONE,
                listener,
                exchange);
    }

    /** What was trained. */
    static float[] parameters(Decoder decoder) {
        return decoder.trainedParameters().toFloatVector();
    }
}
