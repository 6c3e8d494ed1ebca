package dev.sparktune.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The examples of several token shards, numbered through in the order of the files, read by position: neither the tokens nor
 * the whole index are held. Every example and every piece of the index is checked against its CRC32C when it is read; what
 * was cut or altered is an {@link UncheckedIOException} that names the file.
 *
 * <p>Safe for use by many threads.
 */
public final class TokenShards implements ExampleLengths, AutoCloseable {
    /** Pieces of the index that are kept, 16 KB each: more than an {@link EpochOrder} visits in turn. */
    private static final int KEPT_BLOCKS = 1024;

    private record Place(int shard, int block, int inBlock) {}

    private final List<TokenShard> shards;
    private final Map<Place, TokenShard.Block> kept = new LinkedHashMap<>(16, 0.75f, true);
    /** {@code [shards + 1]}: shard s holds the examples {@code [starts[s], starts[s + 1])}. */
    private final long[] starts;

    private TokenShards(List<TokenShard> shards) {
        this.shards = shards;
        starts = new long[shards.size() + 1];
        for (int s = 0; s < shards.size(); s++) {
            starts[s + 1] = starts[s] + shards.get(s).examples();
        }
    }

    /** Opens the files, reading only their ends. */
    public static TokenShards open(FileSystem fs, List<Path> files) {
        List<TokenShard> shards = new ArrayList<>();
        try {
            for (Path file : files) {
                shards.add(TokenShard.open(ShardFormat.raw(fs), file));
            }
            return new TokenShards(shards);
        } catch (IOException e) {
            closeAll(shards);
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public long size() {
        return starts[shards.size()];
    }

    /** Tokens of all examples together. */
    public long tokens() {
        return shards.stream().mapToLong(TokenShard::tokens).sum();
    }

    /** From the index alone. */
    @Override
    public int length(long index) {
        Place place = place(index);
        return block(place).tokens(place.inBlock());
    }

    /** From the index alone. */
    @Override
    public int targets(long index) {
        Place place = place(index);
        TokenShard.Block block = block(place);
        return TokenizedExample.targets(block.tokens(place.inBlock()), block.promptLengths()[place.inBlock()]);
    }

    public TokenizedExample get(long index) {
        Place place = place(index);
        TokenShard.Block block = block(place);
        try {
            return shards.get(place.shard()).get(block, place.inBlock());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        closeAll(shards);
    }

    private TokenShard.Block block(Place place) {
        Place key = new Place(place.shard(), place.block(), 0);
        synchronized (kept) {
            TokenShard.Block block = kept.get(key);
            if (block != null) {
                return block;
            }
        }
        try {
            TokenShard.Block block = shards.get(place.shard()).readBlock(place.block());
            synchronized (kept) {
                kept.put(key, block);
                if (kept.size() > KEPT_BLOCKS) {
                    kept.remove(kept.keySet().iterator().next());
                }
            }
            return block;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private Place place(long index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("example " + index + " of " + size());
        }
        // The last shard that starts at or before it; empty shards start where the next one does.
        int shard = 0;
        int end = shards.size();
        while (end - shard > 1) {
            int middle = (shard + end) >>> 1;
            if (starts[middle] <= index) {
                shard = middle;
            } else {
                end = middle;
            }
        }
        long inShard = index - starts[shard];
        return new Place(shard, (int) (inShard / ShardFormat.BLOCK), (int) (inShard % ShardFormat.BLOCK));
    }

    private static void closeAll(List<TokenShard> shards) {
        shards.forEach(TokenShard::close);
    }
}
