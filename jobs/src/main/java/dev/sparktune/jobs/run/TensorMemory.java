package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.SettingsException;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * Tensors lie outside the Java heap, and the cluster kills a container that grows beyond heap and memoryOverhead. ND4J itself keeps
 * to no bound; {@link TensorRoom} compares weights with a flag of JavaCPP, which follows from memoryOverhead here, with 1 GiB to
 * spare for stacks, code and network buffers.
 */
final class TensorMemory {
    /** Unset, the bound is the heap's size. */
    static final String MAX_BYTES = "org.bytedeco.javacpp.maxbytes";

    /** Bounds the process as a whole; 0 leaves that to the container. */
    static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxphysicalbytes";

    static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final long TO_SPARE_MB = 1024;

    private TensorMemory() {}

    /** Derives maxbytes from {@code spark.executor.memoryOverhead}, or checks the one that the user gave against it. */
    static void agree(SparkConf conf) {
        ExecutorFlags.setIfMissing(conf, MAX_PHYSICAL_BYTES, "0");
        long overheadMb = overheadMb(conf);
        Optional<String> given = ExecutorFlags.property(conf, MAX_BYTES);
        if (given.isPresent()) {
            long neededMb = megabytes(given.get()) + TO_SPARE_MB;
            if (neededMb > overheadMb) {
                throw new SettingsException(
                        OVERHEAD + ": is " + conf.get(OVERHEAD) + ", but must be at least " + neededMb
                                + "m: -D" + MAX_BYTES + "=" + given.get() + " of the executors and " + TO_SPARE_MB
                                + "m to spare; raise the one or lower the other");
            }
        } else if (overheadMb <= TO_SPARE_MB) {
            throw new SettingsException(OVERHEAD + ": is " + conf.get(OVERHEAD) + ", but must be more than "
                    + TO_SPARE_MB + "m: tensors lie there, beside " + TO_SPARE_MB + "m for all else");
        } else {
            ExecutorFlags.setIfMissing(conf, MAX_BYTES, (overheadMb - TO_SPARE_MB) + "m");
        }
    }

    private static long overheadMb(SparkConf conf) {
        try {
            return conf.getSizeAsMb(OVERHEAD);
        } catch (NumberFormatException e) {
            throw new SettingsException(OVERHEAD + ": must be a size such as 5g, but is '" + conf.get(OVERHEAD) + "'");
        }
    }

    /** Rounded up; without a unit, bytes. */
    private static long megabytes(String maxBytes) {
        try {
            long bytes = JavaUtils.byteStringAsBytes(maxBytes);
            if (bytes > 0) {
                return ((bytes - 1) >> 20) + 1;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new SettingsException("-D" + MAX_BYTES + ": must be a size such as 4g, but is '" + maxBytes + "'");
    }
}
