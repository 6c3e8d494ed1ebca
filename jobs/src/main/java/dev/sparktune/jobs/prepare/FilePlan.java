package dev.sparktune.jobs.prepare;

import java.io.Serializable;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Which file each row's examples go to: a split has as many files as hold about 128 MB each, and a row's hash chooses one. The
 * data alone decide, not the cluster: the same rows, the same files. Each file is one partition of the one exchange of rows.
 */
final class FilePlan implements Serializable {
    private static final long serialVersionUID = 1;

    private static final double FILE_BYTES = 128e6;
    /** Bytes in a file for each byte of prompt and completion, other columns included: measured 0.32 to 0.4 on reviews. */
    private static final double COMPRESSED = 0.4;
    /** Of Spark's hash partitioning. */
    private static final int SPARK_SEED = 42;

    /** [splits + 1]: number of a split's first file. */
    private final int[] first;
    /** [files]: a key that Spark's hash partitioning puts into the partition of the same number. */
    private final int[] keys;

    private FilePlan(int[] first, int[] keys) {
        this.first = first;
        this.keys = keys;
    }

    /** @param textBytes [split]: bytes of the prompts and completions that are expected */
    static FilePlan of(double[] textBytes) {
        int[] first = new int[textBytes.length + 1];
        for (int split = 0; split < textBytes.length; split++) {
            int files = (int) Math.max(1, Math.round(textBytes[split] * COMPRESSED / FILE_BYTES));
            first[split + 1] = first[split] + files;
        }
        return new FilePlan(first, keysOf(first[textBytes.length]));
    }

    /** In all. */
    int files() {
        return keys.length;
    }

    /** The value by which to exchange a row of this split. */
    int key(int split, long hash) {
        int files = first[split + 1] - first[split];
        return keys[first[split] + (int) Math.floorMod(hash, (long) files)];
    }

    /** Null, for the row itself, then where rows of the same hash would go if they were of the other splits. */
    Integer[] others(int split, long hash) {
        Integer[] keys = new Integer[first.length - 1];
        int at = 1;
        for (int other = 0; other < keys.length; other++) {
            if (other != split) {
                keys[at++] = key(other, hash);
            }
        }
        return keys;
    }

    /** The value by which to exchange a row of no split. */
    int key(long hash) {
        return keys[(int) Math.floorMod(hash, (long) keys.length)];
    }

    private static int[] keysOf(int partitions) {
        int[] keys = new int[partitions];
        boolean[] found = new boolean[partitions];
        int left = partitions;
        for (int key = 0; left > 0; key++) {
            int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SPARK_SEED), partitions);
            if (!found[partition]) {
                found[partition] = true;
                keys[partition] = key;
                left--;
            }
        }
        return keys;
    }
}
