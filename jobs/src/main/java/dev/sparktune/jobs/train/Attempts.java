package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.DriverLink;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.TaskProgress;
import dev.sparktune.train.Trainer;
import dev.sparktune.train.TrainingDivergedException;
import dev.sparktune.train.TrainingListener;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A run's barrier stage, started again from the last checkpoint when a worker was lost, and ended with a worker's own words when
 * it failed: what failed once would fail again. (Spark 3.5 gives a barrier stage up that loses a task and has a result.)
 */
final class Attempts {
    /** Attempts without a checkpoint between them, after which a run is given up. */
    private static final int MOST_WITHOUT_PROGRESS = 4;

    private final SparkContext context;
    private final WorkerPlan plan;
    private final WorkerSlots slots;
    private final TrainingListener listener;
    private int attempt;
    private int checkpoint = -1;
    private JobFailure failure;

    /** @param listener told what worker 0 tells, on a thread of Spark's */
    Attempts(SparkContext context, WorkerPlan plan, WorkerSlots slots, TrainingListener listener) {
        this.context = context;
        this.plan = plan;
        this.slots = slots;
        this.listener = TrainingListener.all(List.of(listener, new TrainingListener() {
            @Override
            public void onCheckpoint(int step) {
                checkpoint = step;
            }
        }));
    }

    /** @throws JobFailure of a worker, or when workers are lost again and again */
    Trainer.Result run(SerializableConfiguration configuration) throws InterruptedException {
        try (DriverLink.Listening link = DriverLink.listen(plan.name(), this::heard)) {
            int withoutProgress = 0;
            while (true) {
                slots.await();
                int before = checkpoint();
                try {
                    return attempt(configuration);
                } catch (Exception e) {
                    withoutProgress = checkpoint() > before ? 0 : withoutProgress + 1;
                    throwFailure();
                    if (context.isStopped()) {
                        throw new JobFailure("stopped", e);
                    }
                    String reason =
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                    if (withoutProgress == MOST_WITHOUT_PROGRESS) {
                        throw new JobFailure(
                                "workers were lost " + MOST_WITHOUT_PROGRESS
                                        + " times with no checkpoint between; the last time: " + reason,
                                e);
                    }
                    System.err.println(slots.job() + ": a worker was lost; all start again from the last checkpoint ("
                            + reason + ")");
                }
            }
        }
    }

    private Trainer.Result attempt(SerializableConfiguration configuration) {
        WorkerPlan everyones = plan;
        int number = next();
        TaskGauges gauges = TaskGauges.register(context);
        context.setJobGroup(plan.name(), "train on " + plan.workers() + " executors", true);
        context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, "true");
        try {
            return BarrierStage.run(
                            JavaSparkContext.fromSparkContext(context),
                            plan.workers(),
                            task -> Worker.run(everyones, number, task, configuration.value(), gauges))
                    .get(0);
        } finally {
            context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, null);
            context.clearJobGroup();
        }
    }

    private synchronized int next() {
        return ++attempt;
    }

    private synchronized int checkpoint() {
        return checkpoint;
    }

    private synchronized void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized void heard(String line) {
        WorkerMessage message = WorkerMessage.fromJson(line);
        if (message.attempt() != attempt) {
            return; // a worker that does not know yet that all have started again
        }
        if (message.failure() != null) {
            if (message.trace() != null) {
                System.err.print(message.trace());
            }
            if (failure == null) {
                String who = plan.workers() == 1 ? "" : "worker " + message.rank() + " on " + message.host() + ": ";
                failure = message.diverged()
                        ? new JobFailure(who + message.failure(), new TrainingDivergedException(message.failure()))
                        : new JobFailure(who + message.failure());
            }
            context.cancelJobGroup(plan.name());
            return;
        }
        TrainingEvents.replay(message.event(), listener);
    }
}
