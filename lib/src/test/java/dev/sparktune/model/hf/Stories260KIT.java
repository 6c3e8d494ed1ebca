package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.Shared;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** A model that others trained tells its stories word for word, after scripts/reference/stories260k_to_hf.py. */
class Stories260KIT {
    private static final int BOS = 1;
    private static final int STEPS = 256;

    @TempDir
    private static Path model;

    private static Path source;

    @BeforeAll
    static void convert() {
        source = Shared.require("models/stories260K");
        PythonEnv.run(ProjectRoot.resolve("scripts/reference/stories260k_to_hf.py"), source, model);
    }

    @Test
    void theGreedyStoryIsThatOfTheModelsNotes() throws IOException {
        assertThat(tell(new Llama2c.Sampler(0, 0, 0))).isEqualTo(story("-t 0.0"));
    }

    @Test
    void theSampledStoryIsThatOfTheModelsNotes() throws IOException {
        assertThat(tell(new Llama2c.Sampler(1.0f, 0.9f, 133742))).isEqualTo(story("-t 1.0 -p 0.9 -s 133742"));
    }

    @Test
    void tokensAreThoseOfLlama2c() throws IOException {
        Llama2c.Tokenizer oracle = new Llama2c.Tokenizer(source.resolve("tok512.bin"), 512);
        try (Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            for (String text : ReviewTexts.choose(300)) {
                String start = text.substring(
                        0, text.offsetByCodePoints(0, Math.min(200, text.codePointCount(0, text.length()))));
                int[] ids = tokenizer.encode(start, true);
                assertThat(ids).as(start).isEqualTo(oracle.encode(start));
                assertThat(tokenizer.decode(ids, true)).isEqualTo(start);
            }
        }
    }

    /** As run.c: from the token that begins a text to the next such token, at most {@value #STEPS} tokens. */
    private static String tell(Llama2c.Sampler sampler) {
        try (Decoder decoder = HfModel.load(model, DataType.FLOAT).decoder();
                Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            KvCache cache = decoder.newCache(1, STEPS);
            List<Integer> ids = new ArrayList<>();
            int token = BOS;
            for (int step = 0; step < STEPS && (step == 0 || token != BOS); step++) {
                token = sampler.next(
                        decoder.step(cache, new int[][] {{token}}).getRow(0).toFloatVector());
                ids.add(token);
            }
            return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray(), true);
        }
    }

    /** The text that stories260K.md shows below the command with these options. */
    private static String story(String options) throws IOException {
        String notes = Files.readString(source.resolve("stories260K.md"));
        Matcher shown = Pattern.compile("\\$ [^\\n]*" + Pattern.quote(options) + "\\n(.*?)\\n```", Pattern.DOTALL)
                .matcher(notes);
        assertThat(shown.find())
                .as("the story of %s in stories260K.md", options)
                .isTrue();
        return shown.group(1);
    }
}
