package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Follows a run's barrier stage from the driver: waits for the executors that it needs, says when it starts again, and ends it
 * when a worker has failed or when no executor takes the place of a lost one. Spark alone would try again what must fail
 * again, and wait for executors without end.
 */
final class StageWatch extends SparkListener implements AutoCloseable {
    private static final String GROUP = "spark.jobGroup.id";

    private final String job;
    private final SparkContext context;
    private final String group;
    private final int workers;
    private final int slotsTimeout;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "stage watch");
        thread.setDaemon(true);
        return thread;
    });
    private int stage = -1;
    private int running;
    private long idleSince;
    private JobFailure failure;

    /**
     * @param group under which the stage's job runs
     * @param slotsTimeout seconds
     */
    StageWatch(String job, SparkContext context, String group, int workers, int slotsTimeout) {
        this.job = job;
        this.context = context;
        this.group = group;
        this.workers = workers;
        this.slotsTimeout = slotsTimeout;
        context.addSparkListener(this);
        clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Returns when there are as many executors as workers. */
    void awaitSlots() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(slotsTimeout);
        boolean said = false;
        for (int slots = slots(); slots < workers; slots = slots()) {
            if (System.nanoTime() > deadline) {
                throw new JobFailure(tooFew(slots));
            }
            if (!said) {
                System.err.println(job + ": waiting for " + workers + " executors; " + slots + " are there");
                said = true;
            }
            Thread.sleep(200);
        }
    }

    private int slots() {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }

    private String tooFew(int slots) {
        return "train.workers is " + workers + ", but " + slots + " of so many executors came within " + slotsTimeout
                + " s (train.slots_timeout): give the job more executors or cores, free some on the cluster, or lower"
                + " train.workers";
    }

    /** Ends the stage for this reason; the first one counts. */
    synchronized void fail(JobFailure reason) {
        if (failure == null) {
            failure = reason;
            context.cancelJobGroup(group);
        }
    }

    /** Why the stage was ended; null where this watch did not end it. */
    synchronized JobFailure failure() {
        return failure;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        Properties properties = submitted.properties();
        if (properties != null && group.equals(properties.getProperty(GROUP))) {
            stage = submitted.stageInfo().stageId();
            running = 0;
            idleSince = System.nanoTime();
            if (submitted.stageInfo().attemptNumber() > 0) {
                System.err.println(job + ": a worker was lost; all start again from the last checkpoint");
            }
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        if (start.stageId() == stage) {
            running++;
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.stageId() == stage) {
            running = Math.max(0, running - 1);
            idleSince = System.nanoTime();
        }
    }

    private synchronized void look() {
        if (stage >= 0 && running == 0 && System.nanoTime() - idleSince > TimeUnit.SECONDS.toNanos(slotsTimeout)) {
            fail(new JobFailure("a worker was lost and not replaced: " + tooFew(slots())));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        context.removeSparkListener(this);
    }
}
