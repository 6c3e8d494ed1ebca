package dev.sparktune.train;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Flat vectors one after another in one file: raw little-endian numbers, no header. What they are and their checksums
 * stand in the checkpoint's manifest.
 */
final class VectorFile {
    private static final int BUFFER = 1 << 20;

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new ExceptionInInitializerError("checkpoints are little-endian; this machine is not");
        }
    }

    /**
     * One vector of a file.
     *
     * @param name for example {@code parameters}
     * @param dtype ND4J's name, FLOAT or DOUBLE
     * @param length elements
     * @param crc32c of its bytes, hexadecimal
     */
    record Entry(String name, String dtype, long length, String crc32c) {
        long bytes() {
            return length * (dtype.equals("DOUBLE") ? Double.BYTES : Float.BYTES);
        }
    }

    /** A vector under its name. */
    record Named(String name, INDArray vector) {}

    private VectorFile() {}

    /** Writes to a temporary name beside {@code file}, then renames. */
    static List<Entry> write(FileSystem fs, Path file, List<Named> vectors) throws IOException {
        Path temporary = new Path(file.getParent(), file.getName() + ".__partial");
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = fs.create(temporary, true)) {
            for (Named named : vectors) {
                CRC32C crc = new CRC32C();
                BytePointer source = bytes(named.vector());
                for (long at = 0; at < source.capacity(); at += BUFFER) {
                    int count = (int) Math.min(BUFFER, source.capacity() - at);
                    source.position(at).get(buffer, 0, count);
                    crc.update(buffer, 0, count);
                    out.write(buffer, 0, count);
                }
                entries.add(new Entry(
                        named.name(),
                        named.vector().dataType().name(),
                        named.vector().length(),
                        Long.toHexString(crc.getValue())));
            }
        }
        if (!fs.rename(temporary, file)) {
            throw new IOException("cannot rename " + temporary + " to " + file);
        }
        return entries;
    }

    /** Reads the whole file and fails with one line if its length or a checksum is not what the entries say. */
    static void verify(FileSystem fs, Path file, List<Entry> entries) throws IOException {
        long expected = entries.stream().mapToLong(Entry::bytes).sum();
        long actual = fs.getFileStatus(file).getLen();
        if (actual != expected) {
            throw new IOException(file + " has " + actual + " bytes, not " + expected);
        }
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = fs.open(file)) {
            for (Entry entry : entries) {
                CRC32C crc = new CRC32C();
                for (long left = entry.bytes(); left > 0; ) {
                    int count = (int) Math.min(BUFFER, left);
                    readFully(in, buffer, count, file);
                    crc.update(buffer, 0, count);
                    left -= count;
                }
                if (!Long.toHexString(crc.getValue()).equals(entry.crc32c())) {
                    throw new IOException(file + ": the checksum of '" + entry.name() + "' does not match");
                }
            }
        }
    }

    /** Reads, from a verified file, the vectors that are named; others are skipped. */
    static void read(FileSystem fs, Path file, List<Entry> entries, List<Named> into) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (var in = fs.open(file)) {
            for (Named named : into) {
                long offset = 0;
                Entry found = null;
                for (Entry entry : entries) {
                    if (entry.name().equals(named.name())) {
                        found = entry;
                        break;
                    }
                    offset += entry.bytes();
                }
                INDArray vector = named.vector();
                if (found == null
                        || found.length() != vector.length()
                        || !found.dtype().equals(vector.dataType().name())) {
                    throw new IOException(file + " holds no '" + named.name() + "' of " + vector.length() + " "
                            + vector.dataType() + " numbers; it has " + entries);
                }
                in.seek(offset);
                BytePointer target = bytes(vector);
                for (long at = 0; at < target.capacity(); at += BUFFER) {
                    int count = (int) Math.min(BUFFER, target.capacity() - at);
                    readFully(in, buffer, count, file);
                    target.position(at).put(buffer, 0, count);
                }
            }
        }
    }

    private static void readFully(InputStream in, byte[] buffer, int count, Path file) throws IOException {
        if (in.readNBytes(buffer, 0, count) < count) {
            throw new EOFException(file + " ends too early");
        }
    }

    /** The vector's own memory, as bytes. */
    private static BytePointer bytes(INDArray vector) {
        Pointer address = vector.data().addressPointer();
        return new BytePointer(address)
                .capacity(vector.length() * vector.dataType().width());
    }
}
