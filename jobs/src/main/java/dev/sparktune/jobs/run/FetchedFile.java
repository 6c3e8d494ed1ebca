package dev.sparktune.jobs.run;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * A file of another file system and its copy on this machine.
 *
 * @param source as it was listed
 * @param copy of the same length
 * @param fetched how many of its first bytes came; behind them is a hole
 * @param crc32c of those
 */
record FetchedFile(Source source, Path copy, long fetched, long crc32c) {
    /** Longest header of a safetensors file: the bound of the format. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int BUFFER = 1 << 20;

    /** @param modified time, in milliseconds */
    record Source(org.apache.hadoop.fs.Path path, long length, long modified) {
        static Source of(FileStatus status) {
            return new Source(status.getPath(), status.getLen(), status.getModificationTime());
        }

        String name() {
            return path.getName();
        }

        String place() {
            return Redaction.text(path.toString());
        }
    }

    /** @throws JobFailure where more or less comes than was listed */
    static FetchedFile whole(FileSystem from, Source source, Path directory) throws IOException {
        return fetch(from, source, directory, Long.MAX_VALUE);
    }

    /**
     * Of a safetensors file the header, for who only looks which tensors there are. Whether it is one, its reader finds out.
     */
    static FetchedFile header(FileSystem from, Source source, Path directory) throws IOException {
        return fetch(from, source, directory, Long.BYTES + headerBytes(from, source));
    }

    private static long headerBytes(FileSystem from, Source source) throws IOException {
        try (InputStream in = from.open(source.path)) {
            byte[] prefix = in.readNBytes(Long.BYTES);
            long claimed = prefix.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
            return claimed < 0 || claimed > MAX_HEADER_BYTES ? 0 : claimed;
        }
    }

    private static FetchedFile fetch(FileSystem from, Source source, Path directory, long most) throws IOException {
        Path copy = directory.resolve(source.name());
        CRC32C crc = new CRC32C();
        long fetched = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = from.open(source.path);
                OutputStream out = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
            int n = 0;
            while (fetched < most && (n = in.read(buffer, 0, (int) Math.min(BUFFER, most - fetched))) >= 0) {
                crc.update(buffer, 0, n);
                out.write(buffer, 0, n);
                fetched += n;
            }
        } catch (IOException e) {
            throw new IOException("cannot fetch " + source.place() + " to " + copy + ": " + e.getMessage(), e);
        }
        if (fetched != Math.min(most, source.length)) {
            throw new JobFailure(
                    source.place() + ": is listed with " + source.length + " bytes, but " + fetched + " came");
        }
        if (fetched < source.length) {
            try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
                file.setLength(source.length); // a hole takes no room on the disk
            }
        }
        return new FetchedFile(source, copy, fetched, crc.getValue());
    }

    /** @throws JobFailure where the copy is no longer, or never was, what came */
    void verify() throws IOException {
        if (!Files.exists(copy)) {
            throw new JobFailure(copy + ", the copy of " + source.place() + ", is gone");
        }
        if (Files.size(copy) != source.length) {
            throw new JobFailure(copy + ", the copy of " + source.place() + ", has " + Files.size(copy) + " bytes, not "
                    + source.length);
        }
        long found = checksum();
        if (found != crc32c) {
            throw new JobFailure(copy + ", the copy of " + source.place() + ", was altered: its CRC-32C is "
                    + Long.toHexString(found) + ", not " + Long.toHexString(crc32c));
        }
    }

    private long checksum() throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(copy)) {
            for (long left = fetched; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(BUFFER, left));
                if (n < 0) {
                    throw new EOFException(copy + " ended while it was read");
                }
                crc.update(buffer, 0, n);
                left -= n;
            }
        }
        return crc.getValue();
    }
}
