package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import java.util.List;

/**
 * What a worker has read as weights that training starts from, the model's or an adapter's. A local path may lead to others on
 * another machine, and what a machine fetched or keeps may be damaged: replicas that differ at the start would differ to the end.
 *
 * @param host of the worker
 * @param crc32c of the weights
 */
record WorkerWeights(String host, long crc32c) {
    String toText() {
        return host + " " + Long.toHexString(crc32c);
    }

    private static WorkerWeights fromText(String text) {
        String[] parts = text.split(" ");
        return new WorkerWeights(parts[0], Long.parseLong(parts[1], 16));
    }

    /**
     * @param key of the setting that names them, for errors
     * @param all {@link #toText} of every worker
     * @throws JobFailure naming two hosts whose weights differ
     */
    static void requireAlike(String key, String uri, List<String> all) {
        WorkerWeights first = fromText(all.get(0));
        for (String text : all) {
            WorkerWeights other = fromText(text);
            if (other.crc32c != first.crc32c) {
                throw new JobFailure(
                        key + ": the weights of " + Redaction.text(uri) + " are not the same on " + first.host
                                + " (CRC-32C " + Long.toHexString(first.crc32c) + ") and " + other.host + " ("
                                + Long.toHexString(other.crc32c) + ")");
            }
        }
    }
}
