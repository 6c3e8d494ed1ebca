package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the column {@code group_id}: HMAC-SHA256 of the group under a key that is written nowhere, so that a reader of the
 * data set can tell groups apart but not find the customer.
 */
final class GroupKey implements Serializable {
    /** Names the environment variable with the key; without it every run draws a fresh one. */
    static final String VARIABLE = "SPARKTUNE_GROUP_KEY";

    private static final long serialVersionUID = 1;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 16;
    private static final int ID_BYTES = 16;

    private final byte[] key;
    private transient Mac mac;

    private GroupKey(byte[] key) {
        this.key = key;
    }

    /**
     * @param value of {@link #VARIABLE}, or null
     * @throws JobFailure when it is shorter than 16 bytes
     */
    static GroupKey of(String value) {
        if (value == null || value.isEmpty()) {
            byte[] fresh = new byte[32];
            new SecureRandom().nextBytes(fresh);
            return new GroupKey(fresh);
        }
        byte[] key = value.getBytes(StandardCharsets.UTF_8);
        if (key.length < LEAST_BYTES) {
            throw new JobFailure("the environment's " + VARIABLE + " has " + key.length
                    + " bytes; a key needs at least " + LEAST_BYTES);
        }
        return new GroupKey(key);
    }

    /** 32 hexadecimal digits. Not for use by several threads at once. */
    String idOf(String group) {
        try {
            if (mac == null) {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(key, ALGORITHM));
            }
            byte[] hash = mac.doFinal(group.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
