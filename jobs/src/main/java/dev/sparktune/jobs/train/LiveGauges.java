package dev.sparktune.jobs.train;

import dev.sparktune.train.TrainingListener;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.metrics.source.DoubleAccumulatorSource$;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.DoubleAccumulator;
import scala.Tuple2;
import scala.collection.immutable.HashMap;
import scala.collection.immutable.Map;

/**
 * A run's state while it goes on, as accumulators of the driver in Spark's metrics system: {@code metrics/json} of Spark's UI
 * shows them, and so does any sink that {@code spark.metrics.conf} names.
 */
public final class LiveGauges implements TrainingListener {
    private final DoubleAccumulator step;
    private final DoubleAccumulator loss;
    private final DoubleAccumulator tokensPerSecond;

    /** Both these gauges and another listener; once in an application, as its metrics system knows a name once. */
    public static TrainingListener and(SparkSession spark, TrainingListener other) {
        return TrainingListener.all(List.of(new LiveGauges(spark.sparkContext()), other));
    }

    private LiveGauges(SparkContext context) {
        this.step = context.doubleAccumulator("step");
        this.loss = context.doubleAccumulator("loss");
        this.tokensPerSecond = context.doubleAccumulator("tokens_per_second");
        Map<String, DoubleAccumulator> sources = new HashMap<>();
        for (DoubleAccumulator gauge : new DoubleAccumulator[] {step, loss, tokensPerSecond}) {
            sources = sources.$plus(new Tuple2<>(gauge.name().get(), gauge));
        }
        DoubleAccumulatorSource$.MODULE$.register(context, sources);
    }

    @Override
    public void onUpdate(Update update) {
        set(step, update.step());
        set(loss, update.loss());
        set(tokensPerSecond, update.tokens() / update.seconds());
    }

    private static void set(DoubleAccumulator gauge, double value) {
        gauge.reset();
        gauge.add(value);
    }
}
