package dev.sparktune.model.hf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** An open safetensors file whose header has been checked. Tensors are read in pieces, straight to where they belong. */
final class SafetensorsFile implements AutoCloseable {
    /** Numbers decoded at once: small enough for caches. */
    static final int PIECE = 1 << 18;

    /** Bytes mapped at once: a ByteBuffer ends at 2 GiB, and what is mapped goes only when Java collects its garbage. */
    private static final long WINDOW = 1L << 28;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    /** Takes numbers {@code values[0 .. n)} of a tensor from its element {@code at} on. */
    interface Sink {
        void accept(long at, float[] values, int n);
    }

    private SafetensorsFile(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    static SafetensorsFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(file, channel, SafetensorsHeader.read(channel, file));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    Map<String, SafetensorsHeader.Entry> tensors() {
        return header.tensors();
    }

    /** @throws ModelFormatException for a tensor that does not hold floats */
    void requireReadable(SafetensorsHeader.Entry tensor) {
        if (!tensor.dtype().readable()) {
            throw new ModelFormatException("tensor '" + tensor.name() + "' in " + file + " has the dtype "
                    + tensor.dtype() + "; F32, F16 and BF16 are read");
        }
    }

    /** Reads a whole tensor as floats, through windows of the file that are mapped into memory one after another. */
    void read(SafetensorsHeader.Entry tensor, Sink sink) throws IOException {
        requireReadable(tensor);
        Dtype dtype = tensor.dtype();
        long bytes = tensor.end() - tensor.begin();
        float[] values = new float[(int) Math.min(PIECE, tensor.length())];
        for (long from = 0; from < bytes; from += WINDOW) {
            long size = Math.min(WINDOW, bytes - from);
            // Cut while it is read, a mapped file would end the JVM, not the call.
            if (channel.size() < header.dataOffset() + tensor.begin() + from + size) {
                throw new EOFException("the file ended while it was read");
            }
            ByteBuffer window =
                    channel.map(FileChannel.MapMode.READ_ONLY, header.dataOffset() + tensor.begin() + from, size);
            for (int at = 0; at < size; at += PIECE * dtype.bytes()) {
                int n = (int) Math.min(PIECE, (size - at) / dtype.bytes());
                dtype.decode(window.slice(at, n * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN), values, n);
                sink.accept((from + at) / dtype.bytes(), values, n);
            }
        }
    }

    /** Fills what remains of {@code into} from the file's byte {@code position} on. */
    static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position() - start) < 0) {
                throw new EOFException("the file ended while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
