package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.RougeL;
import dev.sparktune.example.Example;
import dev.sparktune.generate.Completion;
import dev.sparktune.jobs.model.ExecutorModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The executor's model, perhaps with an adapter, answering examples of a task. */
final class ModelUnderTest {
    private final ExecutorModel model;
    private final String adapter;
    private final Asking asking;

    /** {@code adapter}: URI of one that the model has; null: it answers alone. */
    ModelUnderTest(ExecutorModel model, String adapter, Asking asking) {
        this.model = model;
        this.adapter = adapter;
        this.asking = asking;
    }

    /** Predictions in the order of the examples, and how many had a token that straddles prompt and completion. */
    record Answered(List<Prediction> predictions, long boundaryMoved) {}

    /** @param done told how many more examples are answered or set aside, all in all as many as there are */
    Answered answer(List<Example> examples, LongConsumer done) {
        List<Question> questions = examples.parallelStream() // the tokenizer takes longer than a small model
                .map(this::question)
                .toList();
        List<Question> askable = questions.stream().filter(Question::askable).toList();
        done.accept(questions.size() - askable.size());
        List<double[]> scores = model.score(
                adapter, askable.stream().map(Question::candidates).toList(), asking.byChoice() ? done : scored -> {});
        List<Completion> completions = asking.byChoice()
                ? null
                : model.complete(
                        adapter, askable.stream().map(Question::promptIds).toList(), asking.written(), done);
        List<Prediction> predictions = new ArrayList<>();
        int asked = 0;
        for (Question question : questions) {
            if (!question.askable()) {
                predictions.add(prediction(question, null, null, null, null));
            } else if (asking.byChoice()) {
                predictions.add(chosen(question, scores.get(asked++)));
            } else {
                predictions.add(written(question, scores.get(asked)[0], completions.get(asked)));
                asked++;
            }
        }
        long moved = questions.stream().filter(Question::boundaryMoved).count();
        return new Answered(predictions, moved);
    }

    private Question question(Example example) {
        List<Example> shots = asking.pool().draw(example, asking.shots());
        return Question.of(example, shots, asking.byChoice(), model.tokenizer(), model.contextTokens(adapter));
    }

    private Prediction chosen(Question question, double[] sums) {
        List<String> choices = question.example().answerChoices();
        List<Double> scores = new ArrayList<>();
        int best = 0;
        for (int c = 0; c < sums.length; c++) {
            int bytes = choices.get(c).getBytes(StandardCharsets.UTF_8).length;
            scores.add(asking.normalizeChoices() ? sums[c] / Math.max(1, bytes) : sums[c]);
            if (scores.get(c) > scores.get(best)) {
                best = c;
            }
        }
        return prediction(question, scores, choices.get(best), -sums[question.right()], null);
    }

    private Prediction written(Question question, double logProb, Completion completion) {
        return prediction(
                question,
                null,
                completion.text().strip(),
                -logProb,
                completion.finishReason().toString());
    }

    private Prediction prediction(
            Question question, List<Double> scores, String answer, Double nll, String finishReason) {
        Example example = question.example();
        boolean open = scores == null && answer != null;
        return new Prediction(
                example.id(),
                asking.task(),
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
}
