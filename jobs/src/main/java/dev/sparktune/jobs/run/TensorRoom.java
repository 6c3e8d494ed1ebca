package dev.sparktune.jobs.run;

import dev.sparktune.progress.Bytes;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;
import org.bytedeco.javacpp.Pointer;

/**
 * What this process may take for tensors, which lie outside of the Java heap. Where it is not enough the user hears the setting
 * that gives more; the error itself would end an executor without a word.
 */
public final class TensorRoom {
    private static final int COLLECTIONS = 10;
    private static final long BETWEEN_COLLECTIONS_MS = 100;

    /** What the library of tensors says where there is no more. */
    private static final List<String> SAID = List.of(
            "Cannot allocate new", "Failed to allocate memory", "Physical memory usage", "Native allocator returned");

    private TensorRoom() {}

    /**
     * To be called before weights are loaded.
     *
     * @param weights whose they are, for the error: {@code model.base: the weights of hdfs://…}
     * @param bytes that they take
     * @param otherwise what else the user can do, behind "or"; empty: nothing
     * @throws OutOfTensorMemoryException where there is less room
     */
    static void require(String weights, long bytes, String otherwise) {
        long bound = Pointer.maxBytes();
        if (bound <= 0 || bytes <= roomFor(bytes, bound)) {
            return;
        }
        long used = Pointer.totalBytes();
        throw new OutOfTensorMemoryException(weights + " take " + new Bytes(bytes) + ", but " + here() + " may take "
                + new Bytes(bound) + " for tensors"
                + (used == 0 ? "" : ", of which " + new Bytes(used) + " are in use") + ": " + remedy(otherwise));
    }

    /** Tensors that nobody holds any more give their memory back with a collection: their library asks for one, too. */
    private static long roomFor(long bytes, long bound) {
        for (int i = 0; i < COLLECTIONS && bytes > bound - Pointer.totalBytes() && bytes <= bound; i++) {
            System.gc();
            try {
                Thread.sleep(BETWEEN_COLLECTIONS_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return bound - Pointer.totalBytes();
    }

    /**
     * What to throw for an error of lacking memory; empty where it is another memory than that of tensors.
     *
     * @param doing what needed it: {@code evaluate.model: answering with hdfs://…}
     * @param otherwise as for {@link #require}
     */
    public static Optional<OutOfTensorMemoryException> shortage(
            String doing, OutOfMemoryError error, String otherwise) {
        String said = null;
        for (Throwable e = error; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (SAID.stream().anyMatch(message::startsWith)) {
                said = message; // the innermost has the numbers
            }
        }
        if (said == null) {
            return Optional.empty();
        }
        return Optional.of(new OutOfTensorMemoryException(doing + " took all memory that " + here()
                + " may take for tensors (" + said + "): " + remedy(otherwise)));
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
