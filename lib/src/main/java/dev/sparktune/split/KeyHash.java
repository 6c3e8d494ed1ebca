package dev.sparktune.split;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;

/** The hash that splits rest on. It is pinned: another one would move every record, so a map names the one it was made with. */
public final class KeyHash {
    /** Stands in the manifest: the first 64 of MurmurHash3's 128 bits (x64 form, seed 0) over UTF-8 of salt, a zero byte, key. */
    public static final String NAME = "murmur3_x64_128[0]";

    private KeyHash() {}

    /** 64 well-mixed bits; the salt keeps uses of one key (split, order, seed) apart. */
    public static long of(String salt, String key) {
        return MurmurHash3.hash128x64((salt + '\0' + key).getBytes(StandardCharsets.UTF_8))[0];
    }

    /** Another 64 well-mixed bits of such a hash, by MurmurHash3's last step: a hash for one more use of the key. */
    public static long mixed(long hash, long salt) {
        long h = hash ^ salt;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }

    /** The bucket of a hash: its top bits, in {@code [0, 2^bits)}. */
    static int bucket(long hash, int bits) {
        return (int) (hash >>> (Long.SIZE - bits));
    }
}
