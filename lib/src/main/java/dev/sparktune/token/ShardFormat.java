package dev.sparktune.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;

/**
 * The bytes of a token shard; numbers are little-endian.
 *
 * <pre>
 * header  long magic "sparktok" · int version · int 0
 * data    ids of example 0, ids of example 1, …                                       int each
 * index   per example: int tokens · int promptLength · int CRC32C of its ids
 * table   per {@value #BLOCK} examples of the index: long offset of their first id · int CRC32C of their part of the index
 * footer  long offset of the index · long examples · long tokens · int CRC32C of table and footer up to here · long magic
 * </pre>
 *
 * A reader holds the table (12 bytes for {@value #BLOCK} examples), and reads the rest where it is wanted. The footer comes
 * last: a file cut short has none.
 */
final class ShardFormat {
    static final long MAGIC = 0x6b6f746b72617073L; // "sparktok"
    static final int VERSION = 1;
    static final int HEADER_BYTES = 16;
    static final int ENTRY_BYTES = 12;
    static final int TABLE_ENTRY_BYTES = 12;
    static final int FOOTER_BYTES = 36;
    static final int BLOCK = 1024;

    private ShardFormat() {}

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static long blocks(long examples) {
        return (examples + BLOCK - 1) / BLOCK;
    }

    /** Hadoop's own local checksums (a {@code .crc} file beside each) would reopen two files for each example read. */
    static FileSystem raw(FileSystem fs) {
        return fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
    }
}
