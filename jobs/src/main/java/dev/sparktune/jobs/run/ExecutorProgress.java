package dev.sparktune.jobs.run;

import dev.sparktune.progress.Progress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Option;
import scala.Tuple4;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * How far the tasks of all executors have come, in units of what they work on: shown in the driver when a task ends, and
 * every ten seconds by what the heartbeats say of those that run.
 */
public final class ExecutorProgress extends SparkListener implements AutoCloseable {
    private final SparkContext context;
    private final LongAccumulator done;
    private final Progress progress;
    private final Map<Long, Long> running = new HashMap<>();
    private long ended;
    private long shown;

    private ExecutorProgress(SparkContext context, Progress progress) {
        this.context = context;
        this.progress = progress;
        this.done = context.longAccumulator("done");
    }

    /** Until it is closed, the jobs that this thread starts show this instead of their stages and tasks. */
    public static ExecutorProgress start(SparkContext context, Progress progress) {
        ExecutorProgress started = new ExecutorProgress(context, progress);
        context.addSparkListener(started);
        context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, "true");
        return started;
    }

    /** What tasks add the units to that they have done. */
    public LongAccumulator done() {
        return done;
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        for (Iterator<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> tasks =
                        heartbeat.accumUpdates().iterator();
                tasks.hasNext(); ) {
            Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task = tasks.next();
            ifDone(task._4(), units -> running.put((Long) task._1(), units));
        }
        show();
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
        if (end.taskInfo().successful()) {
            ifDone(end.taskInfo().accumulables(), units -> ended += units);
        }
        show();
    }

    private void ifDone(Seq<AccumulableInfo> accumulables, LongConsumer units) {
        for (Iterator<AccumulableInfo> all = accumulables.iterator(); all.hasNext(); ) {
            AccumulableInfo one = all.next();
            Option<Object> update = one.update();
            if (one.id() == done.id() && update.isDefined()) {
                units.accept((Long) update.get());
            }
        }
    }

    private void show() {
        long now = ended + running.values().stream().mapToLong(Long::longValue).sum();
        if (now > shown) { // a task that failed takes back what it had done
            progress.advance(now - shown);
            shown = now;
        }
    }

    @Override
    public synchronized void close() {
        context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, null);
        context.removeSparkListener(this);
        progress.advance(done.value() - shown); // the last events may still be on their way
        progress.close();
    }
}
