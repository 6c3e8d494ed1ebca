package dev.sparktune.train;

import dev.sparktune.model.kernel.Views;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The same slice of several flat vectors, one after another in one file: raw little-endian numbers, no header. What they are
 * and their checksums stand in the checkpoint's manifest.
 */
final class VectorFile {
    private static final int BUFFER = 1 << 20;

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new ExceptionInInitializerError("checkpoints are little-endian; this machine is not");
        }
    }

    /**
     * One vector's slice in a file.
     *
     * @param name for example {@code parameters}
     * @param dtype ND4J's name, FLOAT or DOUBLE
     * @param length elements
     * @param crc32c of its bytes, hexadecimal
     */
    record Entry(String name, String dtype, long length, String crc32c) {
        long bytes() {
            return length * width();
        }

        int width() {
            return dtype.equals("DOUBLE") ? Double.BYTES : Float.BYTES;
        }
    }

    /** Elements of an array under the name of the vector that they are a slice of. */
    record Named(String name, INDArray array) {}

    private VectorFile() {}

    /** Writes to a temporary name beside {@code file}, then renames. */
    static List<Entry> write(FileSystem fs, Path file, List<Named> vectors) throws IOException {
        Path temporary = new Path(file.getParent(), file.getName() + ".__partial");
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = fs.create(temporary, true)) {
            for (Named named : vectors) {
                CRC32C crc = new CRC32C();
                for (ByteBuffer piece : pieces(named.array())) {
                    int count = piece.remaining();
                    piece.get(buffer, 0, count);
                    crc.update(buffer, 0, count);
                    out.write(buffer, 0, count);
                }
                entries.add(new Entry(
                        named.name(),
                        named.array().dataType().name(),
                        named.array().length(),
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

    /**
     * Fills an array, from a verified file, with what it holds under a name from element {@code skipped} on.
     *
     * @throws IOException also where the file does not hold so much under that name
     */
    static void read(FileSystem fs, Path file, List<Entry> entries, Named into, long skipped) throws IOException {
        long offset = 0;
        Entry found = null;
        for (Entry entry : entries) {
            if (entry.name().equals(into.name())) {
                found = entry;
                break;
            }
            offset += entry.bytes();
        }
        INDArray array = into.array();
        if (found == null
                || found.length() < skipped + array.length()
                || !found.dtype().equals(array.dataType().name())) {
            throw new IOException(file + " holds no '" + into.name() + "' of " + (skipped + array.length()) + " "
                    + array.dataType() + " numbers; it has " + entries);
        }
        byte[] buffer = new byte[BUFFER];
        try (var in = fs.open(file)) {
            in.seek(offset + skipped * found.width());
            for (ByteBuffer piece : pieces(array)) {
                int count = piece.remaining();
                readFully(in, buffer, count, file);
                piece.put(buffer, 0, count);
            }
        }
    }

    /** The array's own memory, in pieces of at most {@value #BUFFER} bytes. */
    static List<ByteBuffer> pieces(INDArray array) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int most = BUFFER / array.dataType().width();
        for (long at = 0; at < array.length(); at += most) {
            pieces.add(Views.bytes(array, at, Math.min(most, array.length() - at)));
        }
        return pieces;
    }

    private static void readFully(InputStream in, byte[] buffer, int count, Path file) throws IOException {
        if (in.readNBytes(buffer, 0, count) < count) {
            throw new EOFException(file + " ends too early");
        }
    }
}
