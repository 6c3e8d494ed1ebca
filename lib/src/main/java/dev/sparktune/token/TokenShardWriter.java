package dev.sparktune.token;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes a token shard for {@link TokenShards} to read. Only {@link #close} makes it whole: a file left behind by a writer
 * that died is refused by the reader. Failures are {@link UncheckedIOException}s that name the file.
 */
public final class TokenShardWriter implements AutoCloseable {
    private record Block(long offset, ByteBuffer entries) {}

    private final Path file;
    private final OutputStream out;
    private final List<Block> blocks = new ArrayList<>();
    private long offset = ShardFormat.HEADER_BYTES;
    private long examples;
    private long tokens;
    private boolean closed;

    /** Creates the file; one that is already there is not overwritten. */
    public TokenShardWriter(FileSystem fs, Path file) {
        this.file = file;
        try {
            out = ShardFormat.raw(fs).create(file, false);
            out.write(ShardFormat.buffer(ShardFormat.HEADER_BYTES)
                    .putLong(ShardFormat.MAGIC)
                    .putInt(ShardFormat.VERSION)
                    .array());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    public void add(TokenizedExample example) {
        int[] ids = example.ids();
        ByteBuffer bytes = ShardFormat.buffer(Math.multiplyExact(ids.length, Integer.BYTES));
        bytes.asIntBuffer().put(ids);
        if (examples % ShardFormat.BLOCK == 0) {
            blocks.add(new Block(offset, ShardFormat.buffer(ShardFormat.BLOCK * ShardFormat.ENTRY_BYTES)));
        }
        blocks.get(blocks.size() - 1)
                .entries()
                .putInt(ids.length)
                .putInt(example.promptLength())
                .putInt(ShardFormat.crc(bytes.array(), 0, bytes.capacity()));
        try {
            out.write(bytes.array());
        } catch (IOException e) {
            throw failure(e);
        }
        offset += bytes.capacity();
        tokens += ids.length;
        examples++;
    }

    /** Writes index and footer. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            ByteBuffer end = ShardFormat.buffer(
                    Math.multiplyExact(blocks.size(), ShardFormat.TABLE_ENTRY_BYTES) + ShardFormat.FOOTER_BYTES);
            for (Block block : blocks) {
                byte[] entries = block.entries().array();
                int length = block.entries().position();
                out.write(entries, 0, length);
                end.putLong(block.offset()).putInt(ShardFormat.crc(entries, 0, length));
            }
            end.putLong(offset).putLong(examples).putLong(tokens);
            end.putInt(ShardFormat.crc(end.array(), 0, end.position())).putLong(ShardFormat.MAGIC);
            out.write(end.array());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(IOException e) {
        return new UncheckedIOException("cannot write the token shard " + file + ": " + e.getMessage(), e);
    }
}
