package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * The executors that a run's workers take. All must be there at once; Spark alone would look for them every 15 seconds for ten
 * minutes, without a word.
 *
 * @param job name, for what is said
 * @param slotsTimeout seconds
 */
record WorkerSlots(String job, SparkContext context, int workers, int slotsTimeout) {

    /**
     * Returns when there are as many executors as workers.
     *
     * @throws JobFailure when the time is over
     */
    void await() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(slotsTimeout);
        boolean said = false;
        for (int slots = slots(); slots < workers; slots = slots()) {
            if (System.nanoTime() > deadline) {
                throw new JobFailure(
                        "train.workers is " + workers + ", but " + slots + " of so many executors came within "
                                + slotsTimeout
                                + " s (train.slots_timeout): give the job more executors or cores, free some on the"
                                + " cluster, or lower train.workers");
            }
            if (!said) {
                System.err.println(job + ": waiting for " + workers + " executors; " + slots + " are there");
                said = true;
            }
            Thread.sleep(200);
        }
    }

    /** An executor runs one task of such a job at a time. */
    private int slots() {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }
}
