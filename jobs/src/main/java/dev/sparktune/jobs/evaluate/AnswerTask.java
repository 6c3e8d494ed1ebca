package dev.sparktune.jobs.evaluate;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.Locations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Puts a part's examples to the executor's model: rows as {@link TaskData} reads them in, predictions out, in that order.
 *
 * @param modelUri that every executor can read
 * @param dtype in which its weights are held
 * @param adapterUri of an adapter on it, likewise; null: none
 * @param done counts the examples that were answered or set aside
 * @param boundaryMoved counts those with a token that straddles prompt and completion
 */
record AnswerTask(
        SerializableConfiguration configuration,
        String modelUri,
        String dtype,
        String adapterUri,
        Asking asking,
        LongAccumulator done,
        LongAccumulator boundaryMoved)
        implements FlatMapFunction<Iterator<Row>, Row> {
    static final String NO_TEXT = "the prompt or the completion is null";

    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws IOException {
        Locations locations = new Locations(configuration.value());
        ExecutorModel model = ExecutorModel.of(Evaluation.MODEL_KEY, modelUri, dtype, locations)
                .requireAdapter(Evaluation.ADAPTER_KEY, adapterUri, locations);
        List<Row> all = new ArrayList<>();
        rows.forEachRemaining(all::add);
        List<Example> examples =
                all.stream().filter(TaskData::hasText).map(TaskData::example).toList();
        done.add(all.size() - examples.size());
        ModelUnderTest.Answered answered = new ModelUnderTest(model, adapterUri, asking).answer(examples, done::add);
        boundaryMoved.add(answered.boundaryMoved());
        Iterator<Prediction> next = answered.predictions().iterator();
        return all.stream()
                .map(row -> TaskData.hasText(row) ? next.next() : withoutText(row))
                .map(PredictionTable::row)
                .iterator();
    }

    private Prediction withoutText(Row row) {
        return new Prediction(
                row.getAs("id"),
                asking.task(),
                row.getAs("template_id"),
                asking.shots(),
                List.of(),
                row.getAs("prompt"),
                null,
                null,
                row.getAs("target_label"),
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                NO_TEXT);
    }
}
