package dev.sparktune.jobs.run;

import dev.sparktune.progress.Progress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Shows how far each Spark stage has come, in tasks and in rows read, when it lasts long enough to be asked about. */
public final class TaskProgress extends SparkListener {
    /** Local property of Spark: jobs that have it show in another way how far they are. */
    public static final String SHOWN_OTHERWISE = "sparktune.progress";

    private final String job;
    private final Map<Integer, Progress> stages = new HashMap<>();
    private final Map<Integer, Long> rows = new HashMap<>();

    TaskProgress(String job) {
        this.job = job;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        if (submitted.properties() != null && submitted.properties().containsKey(SHOWN_OTHERWISE)) {
            return;
        }
        stages.put(
                submitted.stageInfo().stageId(),
                Progress.quietWhenShort(job, submitted.stageInfo().numTasks(), "tasks"));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        Progress progress = stages.get(end.stageId());
        if (progress != null && end.taskMetrics() != null && end.taskInfo().successful()) {
            long read = end.taskMetrics().inputMetrics().recordsRead()
                    + end.taskMetrics().shuffleReadMetrics().recordsRead();
            progress.advance(
                    1, String.format(Locale.ROOT, "%,d rows read", rows.merge(end.stageId(), read, Long::sum)));
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        rows.remove(completed.stageInfo().stageId());
        Progress progress = stages.remove(completed.stageInfo().stageId());
        if (progress != null) {
            progress.close();
        }
    }
}
