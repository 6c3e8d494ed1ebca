package dev.sparktune.jobs.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * A stage whose tasks all run at once or not at all: when one fails, Spark ends all of them. In local mode it is a stage
 * of one plain task, since Spark 3.5 starts a thread for barriers that keeps the driver's JVM alive after the application's end.
 */
final class BarrierStage {
    /** The work of one task. */
    interface Work<T> extends Serializable {
        T run(TaskContext task) throws Exception;
    }

    private BarrierStage() {}

    /** Runs the work in {@code tasks} tasks; their results in the order of the tasks' numbers. */
    static <T> List<T> run(JavaSparkContext context, int tasks, Work<T> work) {
        List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
        RDD<Integer> partitions = context.parallelize(numbers, tasks).rdd();
        ClassTag<T> tag = ClassTag$.MODULE$.apply(Object.class);
        RDD<T> results = context.isLocal()
                ? partitions.mapPartitions(new Task<>(work), false, tag)
                : partitions.barrier().mapPartitions(new Task<>(work), false, tag);
        return JavaRDD.fromRDD(results, tag).collect();
    }

    private static final class Task<T> extends AbstractFunction1<Iterator<Integer>, Iterator<T>>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Work<T> work;

        Task(Work<T> work) {
            this.work = work;
        }

        @Override
        public Iterator<T> apply(Iterator<Integer> partition) {
            try {
                T result = work.run(TaskContext.get());
                return JavaConverters.asScalaIterator(
                        Collections.singletonList(result).iterator());
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}
