package dev.sparktune.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.model.Decoder;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The training that scripts/reference/adamw_run.py and families.py do with PyTorch: 20 updates, each of all examples, with
 * decay, clipping, warm-up and cosine.
 *
 * @param losses {@code [20]}
 * @param gradNorms {@code [20]}, before clipping
 */
public record ReferenceRun(List<Double> losses, List<Double> gradNorms) {
    /** Trains the decoder; writes below {@code scratch}. */
    public static ReferenceRun of(Decoder decoder, List<TokenizedExample> examples, Path scratch) throws IOException {
        ReferenceRun run = new ReferenceRun(new ArrayList<>(), new ArrayList<>());
        TinyRun files = new TinyRun(scratch);
        TrainOptions options = new TrainOptions(
                0,
                20,
                examples.size(),
                2,
                1e-2,
                LearningRateSchedule.Type.COSINE,
                3,
                0,
                0.1,
                0.9,
                0.99,
                1e-8,
                0.5,
                1,
                0,
                0,
                1,
                EarlyStopping.NEVER,
                0);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                run.losses.add(update.loss());
                run.gradNorms.add(update.gradNorm());
            }
        };
        try (TokenShards train = files.shards("reference.tokens", examples);
                TokenShards none = files.shards("none.tokens", List.of())) {
            new Trainer(
                            decoder,
                            train,
                            none,
                            options,
                            files.checkpoints(),
                            Evaluation.Sampler.NONE,
                            listener,
                            Exchange.ALONE)
                    .run();
        }
        return run;
    }

    /** The examples of a reference: {@code ids} and {@code prompt_length} each. */
    public static List<TokenizedExample> examples(JsonNode reference) {
        List<TokenizedExample> examples = new ArrayList<>();
        for (JsonNode example : reference.get("examples")) {
            int[] ids = new int[example.get("ids").size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = example.get("ids").get(i).asInt();
            }
            examples.add(new TokenizedExample(ids, example.get("prompt_length").asInt()));
        }
        return examples;
    }
}
