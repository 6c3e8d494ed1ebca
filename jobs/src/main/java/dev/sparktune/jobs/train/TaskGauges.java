package dev.sparktune.jobs.train;

import dev.sparktune.train.TrainingListener;
import java.io.Serializable;
import org.apache.spark.SparkContext;

/**
 * What the task of worker 0 shows on the page of its stage in Spark's UI, once it has ended (Spark sends accumulators with a
 * task's end).
 *
 * @param loss of the last update
 * @param tokensPerSecond of the last update
 */
record TaskGauges(LatestValue loss, LatestValue tokensPerSecond) implements Serializable {
    static TaskGauges register(SparkContext context) {
        TaskGauges gauges = new TaskGauges(new LatestValue(), new LatestValue());
        context.register(gauges.loss, "loss");
        context.register(gauges.tokensPerSecond, "tokens per second");
        return gauges;
    }

    TrainingListener listener() {
        return new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                loss.add(update.loss());
                tokensPerSecond.add(update.tokens() / update.seconds());
            }
        };
    }
}
