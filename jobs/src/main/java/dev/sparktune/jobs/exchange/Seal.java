package dev.sparktune.jobs.exchange;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves that who wrote some bytes knows a key: HMAC-SHA256 (RFC 2104), cut to {@value #BYTES} bytes. For one thread. */
final class Seal {
    static final int BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    Seal(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The seal of all parts one after another, whole: also good as a key. */
    byte[] key(byte[]... parts) {
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** The seal of the buffer's bytes from its position to its limit; the position stays. */
    byte[] of(ByteBuffer bytes) {
        mac.update(bytes.duplicate());
        return Arrays.copyOf(mac.doFinal(), BYTES);
    }

    /** Compares in a time that tells nothing of where they differ. */
    static boolean equal(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
