package dev.sparktune.jobs.run;

import dev.sparktune.progress.Bytes;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;
import org.bytedeco.javacpp.Pointer;

/**
 * What this process may take for tensors, which lie outside of the Java heap. ND4J asks for what it likes, and the cluster kills a
 * container that grows too large without a word: so weights are compared with the bound before they are loaded. Where memory ends
 * all the same the user hears the setting that gives more.
 */
public final class TensorRoom {
    /** What ND4J and JavaCPP, from which tensors get their memory, say where there is no more. */
    private static final List<String> SAID = List.of(
            "Allocation failed: [", "Cannot allocate new", "Failed to allocate memory", "Physical memory usage");

    private TensorRoom() {}

    /**
     * To be called before weights are loaded.
     *
     * @param weights whose they are, for the error: {@code model.base: the weights of hdfs://…}
     * @param bytes that they take
     * @param otherwise what else the user can do, behind "or"; empty: nothing
     * @throws OutOfTensorMemoryException where this process may take less
     */
    static void require(String weights, long bytes, String otherwise) {
        long bound = Pointer.maxBytes();
        if (bound > 0 && bytes > bound) {
            throw new OutOfTensorMemoryException(weights + " take " + new Bytes(bytes) + ", but " + here()
                    + " may take " + new Bytes(bound) + " for tensors: " + remedy(otherwise));
        }
    }

    /**
     * What to throw where the memory for tensors has ended; empty for any other failure.
     *
     * @param doing what needed it: {@code evaluate.model: answering with hdfs://…}
     * @param otherwise as for {@link #require}
     */
    public static Optional<OutOfTensorMemoryException> shortage(String doing, Throwable failure, String otherwise) {
        String said = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (SAID.stream().anyMatch(message::startsWith)) {
                said = message; // the innermost has the numbers
            }
        }
        return Optional.ofNullable(said)
                .map(words -> new OutOfTensorMemoryException(doing + ": " + here() + " has no more memory for tensors ("
                        + words + "): " + remedy(otherwise)));
    }

    private static String here() {
        BlockManagerId executor = executor();
        return executor == null ? "this process" : "executor " + executor.executorId() + " on " + executor.host();
    }

    private static String remedy(String otherwise) {
        return (executor() == null
                        ? "raise -D" + TensorMemory.MAX_BYTES + " in spark.driver.extraJavaOptions"
                        : "raise " + TensorMemory.OVERHEAD + ", of which tensors get all but 1 GiB, and -D"
                                + TensorMemory.MAX_BYTES + " where you have set it")
                + (otherwise.isEmpty() ? "" : ", or " + otherwise);
    }

    /** Null in the driver, whose JVM computes in local mode. */
    private static BlockManagerId executor() {
        if (SparkEnv.get() == null) {
            return null;
        }
        BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
        return here.isDriver() ? null : here;
    }
}
