package dev.sparktune.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** One open shard file, laid out as {@link ShardFormat} tells. */
final class TokenShard implements AutoCloseable {
    private final Path file;
    private final FSDataInputStream in;
    private final long indexOffset;
    private final long examples;
    private final long tokens;
    private final ByteBuffer table;

    /**
     * The index of up to {@value ShardFormat#BLOCK} examples: where they begin in the file ({@code [n + 1]}), their prompts
     * and checksums.
     */
    record Block(long[] offsets, int[] promptLengths, int[] checksums) {
        int tokens(int i) {
            return (int) ((offsets[i + 1] - offsets[i]) / Integer.BYTES);
        }
    }

    private TokenShard(
            Path file, FSDataInputStream in, long indexOffset, long examples, long tokens, ByteBuffer table) {
        this.file = file;
        this.in = in;
        this.indexOffset = indexOffset;
        this.examples = examples;
        this.tokens = tokens;
        this.table = table;
    }

    static TokenShard open(FileSystem fs, Path file) throws IOException {
        long size = fs.getFileStatus(file).getLen();
        FSDataInputStream in = fs.open(file);
        try {
            return open(file, in, size);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static TokenShard open(Path file, FSDataInputStream in, long size) throws IOException {
        if (size < ShardFormat.HEADER_BYTES + ShardFormat.FOOTER_BYTES) {
            throw broken(file, "has " + size + " bytes, less than an empty shard");
        }
        ByteBuffer header = read(in, 0, ShardFormat.HEADER_BYTES);
        if (header.getLong() != ShardFormat.MAGIC) {
            throw broken(file, "does not begin as a token shard");
        }
        int version = header.getInt();
        if (version != ShardFormat.VERSION) {
            throw broken(file, "has format version " + version + "; this program reads " + ShardFormat.VERSION);
        }
        ByteBuffer footer = read(in, size - ShardFormat.FOOTER_BYTES, ShardFormat.FOOTER_BYTES);
        long indexOffset = footer.getLong();
        long examples = footer.getLong();
        long tokens = footer.getLong();
        int checksum = footer.getInt();
        if (footer.getLong() != ShardFormat.MAGIC) {
            throw broken(file, "was cut short or never finished: its end is missing");
        }
        // Bounded by the size first, so that nothing below overflows.
        boolean fits = examples >= 0 && examples <= size && tokens >= 0 && tokens <= size;
        long tableBytes = fits ? ShardFormat.blocks(examples) * ShardFormat.TABLE_ENTRY_BYTES : 0;
        long tableOffset = size - ShardFormat.FOOTER_BYTES - tableBytes;
        if (!fits
                || indexOffset != ShardFormat.HEADER_BYTES + tokens * Integer.BYTES
                || tableOffset != indexOffset + examples * ShardFormat.ENTRY_BYTES) {
            throw broken(
                    file,
                    "was cut or altered: " + examples + " examples of " + tokens + " tokens do not make " + size
                            + " bytes");
        }
        int checked = Math.toIntExact(tableBytes + ShardFormat.FOOTER_BYTES - Integer.BYTES - Long.BYTES);
        ByteBuffer table = read(in, tableOffset, checked);
        if (ShardFormat.crc(table.array(), 0, checked) != checksum) {
            throw altered(file, "table of contents");
        }
        return new TokenShard(file, in, indexOffset, examples, tokens, table);
    }

    long examples() {
        return examples;
    }

    long tokens() {
        return tokens;
    }

    /** Reads example {@code i} of a block of this file. */
    TokenizedExample get(Block block, int i) throws IOException {
        int[] ids = new int[block.tokens(i)];
        ByteBuffer bytes = read(in, block.offsets[i], ids.length * Integer.BYTES);
        if (ShardFormat.crc(bytes.array(), 0, bytes.capacity()) != block.checksums[i]) {
            throw altered(file, "example at byte " + block.offsets[i]);
        }
        bytes.asIntBuffer().get(ids);
        return new TokenizedExample(ids, block.promptLengths[i]);
    }

    Block readBlock(int number) throws IOException {
        long first = (long) number * ShardFormat.BLOCK;
        int n = (int) Math.min(ShardFormat.BLOCK, examples - first);
        ByteBuffer entries = read(in, indexOffset + first * ShardFormat.ENTRY_BYTES, n * ShardFormat.ENTRY_BYTES);
        int at = number * ShardFormat.TABLE_ENTRY_BYTES;
        if (ShardFormat.crc(entries.array(), 0, entries.capacity()) != table.getInt(at + Long.BYTES)) {
            throw altered(file, "index of the examples from " + first);
        }
        long[] offsets = new long[n + 1];
        int[] promptLengths = new int[n];
        int[] checksums = new int[n];
        offsets[0] = table.getLong(at);
        for (int i = 0; i < n; i++) {
            int length = entries.getInt();
            promptLengths[i] = entries.getInt();
            checksums[i] = entries.getInt();
            offsets[i + 1] = offsets[i] + (long) length * Integer.BYTES;
            if (length < promptLengths[i] || promptLengths[i] < 0 || offsets[i + 1] > indexOffset) {
                throw altered(file, "index entry of example " + (first + i));
            }
        }
        return new Block(offsets, promptLengths, checksums);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the token shard " + file + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer read(FSDataInputStream in, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(position, bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static IOException altered(Path file, String what) {
        return broken(file, "was altered: the checksum of its " + what + " does not match");
    }

    private static IOException broken(Path file, String why) {
        return new IOException("the token shard " + file + " " + why);
    }
}
