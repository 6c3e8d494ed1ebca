package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.ExecutorTraits;
import dev.sparktune.jobs.run.JobFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.BarrierTaskContext;

/**
 * What the executors of a run find out about each other before they compute together: that none lacks a flag, that none differs
 * from the others, and that all see the same storage.
 *
 * @param failure why they cannot, in a line; null when they can
 * @param warning what the user should know; null for nothing
 */
record Agreement(String failure, String warning) implements Serializable {
    /** Before what an executor failed of; no JSON begins so. */
    private static final String FAILED = "!";

    /** In every task of a barrier stage, one on each executor; all must call it. */
    static Agreement reach(BarrierTaskContext task, SharedStorage storage, int workers) {
        String own;
        String host = "?";
        try {
            ExecutorTraits traits = ExecutorTraits.here();
            host = traits.host();
            traits.requireFlags();
            storage.join(task.partitionId(), host);
            own = traits.toJson();
        } catch (JobFailure e) {
            own = FAILED + e.getMessage();
        }
        List<ExecutorTraits> all = new ArrayList<>();
        for (String said : task.allGather(own)) {
            if (said.startsWith(FAILED)) {
                return new Agreement(said.substring(FAILED.length()), null);
            }
            all.add(ExecutorTraits.fromJson(said));
        }
        try {
            ExecutorTraits.requireAlike(all);
            storage.seeAll(workers, host);
        } catch (JobFailure e) {
            return new Agreement(e.getMessage(), null);
        }
        return new Agreement(null, ExecutorTraits.cpuWarning(all).orElse(null));
    }

    /** @throws JobFailure where there is none */
    void require() {
        if (failure != null) {
            throw new JobFailure(failure);
        }
    }

    /** The first failure of all executors' agreements, else the first warning. */
    static Agreement of(List<Agreement> all) {
        return all.stream()
                .filter(agreement -> agreement.failure() != null)
                .findFirst()
                .or(() -> all.stream()
                        .filter(agreement -> agreement.warning() != null)
                        .findFirst())
                .orElse(all.get(0));
    }
}
