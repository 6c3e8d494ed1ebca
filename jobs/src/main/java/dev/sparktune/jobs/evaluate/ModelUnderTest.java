package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.RougeL;
import dev.sparktune.example.Example;
import dev.sparktune.generate.ChoiceScorer;
import dev.sparktune.generate.Completion;
import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.generate.Generator;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.progress.Progress;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The model with its tokenizer, answering the examples of a task. */
final class ModelUnderTest implements AutoCloseable {
    private final Path directory;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Set<Integer> eosTokenIds;
    private final EvaluateSettings settings;

    private ModelUnderTest(HfModel.Loaded model, EvaluateSettings settings) {
        this.directory = model.info().directory();
        this.decoder = model.decoder();
        this.tokenizer = Tokenizer.load(model.info().tokenizerJson());
        this.eosTokenIds = Set.copyOf(model.info().eosTokenIds());
        this.settings = settings;
    }

    /** @throws dev.sparktune.jobs.run.JobFailure as {@link ModelLoader#load} */
    static ModelUnderTest load(Locations locations, String uri, EvaluateSettings settings) throws IOException {
        return new ModelUnderTest(ModelLoader.load(locations, "evaluate.model", uri), settings);
    }

    /** Where the model lies on this machine. */
    Path directory() {
        return directory;
    }

    /** Answers every example of a task behind {@code shots} shots, in the order of the examples. */
    Answered answer(String task, List<Example> examples, int shots, ShotPool pool) {
        boolean byChoice = examples.get(0).answerChoices() != null
                && !examples.get(0).answerChoices().isEmpty();
        int contextTokens = decoder.config().maxPositionEmbeddings();
        List<Question> questions = examples.parallelStream() // the tokenizer takes longer than a small model
                .map(example -> Question.of(example, pool.draw(example, shots), byChoice, tokenizer, contextTokens))
                .toList();
        List<Question> askable = questions.stream().filter(Question::askable).toList();
        String what = task + ", " + shots + (shots == 1 ? " shot" : " shots");
        List<double[]> scores;
        try (Progress progress = Progress.start(what + ", scored", askable.size(), "examples")) {
            scores = new ChoiceScorer(decoder)
                    .score(askable.stream().map(Question::candidates).toList(), progress);
        }
        List<Completion> completions = byChoice ? null : written(what, askable, shots);
        List<Prediction> predictions = new ArrayList<>();
        int asked = 0;
        for (Question question : questions) {
            if (!question.askable()) {
                predictions.add(prediction(task, question, null, null, null, null));
            } else if (byChoice) {
                predictions.add(chosen(task, question, scores.get(asked++)));
            } else {
                predictions.add(written(task, question, scores.get(asked)[0], completions.get(asked)));
                asked++;
            }
        }
        long moved = questions.stream().filter(Question::boundaryMoved).count();
        return new Answered(predictions, moved);
    }

    private List<Completion> written(String what, List<Question> askable, int shots) {
        try (Progress progress = Progress.start(what + ", written", askable.size(), "examples")) {
            return new Generator(decoder, tokenizer, eosTokenIds)
                    .generate(askable.stream().map(Question::promptIds).toList(), options(shots), progress);
        }
    }

    /** Predictions in the order of the examples, and how many had a token that straddles prompt and completion. */
    record Answered(List<Prediction> predictions, long boundaryMoved) {}

    /** Behind shots an empty line ends the answer, as it ends each shot's. */
    private GenerateOptions options(int shots) {
        return new GenerateOptions(
                settings.maxNewTokens(), false, 1, 0, 1, shots == 0 ? List.of() : List.of("\n\n"), settings.seed());
    }

    private Prediction chosen(String task, Question question, double[] sums) {
        List<String> choices = question.example().answerChoices();
        List<Double> scores = new ArrayList<>();
        int best = 0;
        for (int c = 0; c < sums.length; c++) {
            int bytes = choices.get(c).getBytes(StandardCharsets.UTF_8).length;
            scores.add(settings.normalizeChoices() ? sums[c] / Math.max(1, bytes) : sums[c]);
            if (scores.get(c) > scores.get(best)) {
                best = c;
            }
        }
        return prediction(task, question, scores, choices.get(best), -sums[question.right()], null);
    }

    private Prediction written(String task, Question question, double logProb, Completion completion) {
        return prediction(
                task,
                question,
                null,
                completion.text().strip(),
                -logProb,
                completion.finishReason().toString());
    }

    private static Prediction prediction(
            String task, Question question, List<Double> scores, String answer, Double nll, String finishReason) {
        Example example = question.example();
        boolean open = scores == null && answer != null;
        return new Prediction(
                example.id(),
                task,
                example.templateId(),
                question.shots().size(),
                question.shots().stream().map(Example::id).toList(),
                example.prompt(),
                example.answerChoices(),
                scores,
                question.label(),
                answer,
                answer == null ? null : Boolean.valueOf(answer.equals(question.label())),
                open ? Double.valueOf(RougeL.fMeasure(question.label(), answer)) : null,
                nll,
                question.targetTokens(),
                question.promptTokens(),
                finishReason,
                question.setAside());
    }

    @Override
    public void close() {
        tokenizer.close();
        decoder.close();
    }
}
