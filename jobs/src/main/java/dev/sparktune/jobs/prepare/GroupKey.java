package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.PrivacySettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the column {@code group_id}. By default it is the group's HMAC-SHA256 under a key that is written nowhere, so that a
 * reader of the data set can tell groups apart but not find the customer.
 */
public final class GroupKey implements Serializable {
    /** Names the environment variable with the key. */
    static final String VARIABLE = "SPARKTUNE_GROUP_KEY";
    /** Names the environment variable with the place of a file that holds the key. */
    static final String FILE_VARIABLE = "SPARKTUNE_GROUP_KEY_FILE";

    private static final long serialVersionUID = 1;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 16;
    private static final int MOST_BYTES = 4096;
    private static final int ID_BYTES = 16;

    /** What becomes of a group. */
    private enum Kind {
        HASHED,
        RAW,
        NONE
    }

    private final Kind kind;
    private final byte[] key;
    private transient Mac mac;

    private GroupKey(Kind kind, byte[] key) {
        this.kind = kind;
        this.key = key;
    }

    /** What the settings alone can tell. */
    static void check(PrivacySettings privacy) {
        if (!privacy.groupId().equals("hashed") && privacy.groupKeyFile() != null) {
            throw new SettingsException(
                    "privacy.group_key_file: is given, but privacy.group_id is " + privacy.groupId());
        }
    }

    /**
     * By {@code privacy.group_id}; the key from the file that the settings name, else from the environment, else a fresh one.
     *
     * @param environment variables and their values
     * @throws JobFailure when a key is shorter than 16 bytes, or the environment has two
     */
    static GroupKey of(PrivacySettings privacy, Map<String, String> environment, Locations locations)
            throws IOException {
        return switch (privacy.groupId()) {
            case "raw" -> new GroupKey(Kind.RAW, null);
            case "none" -> new GroupKey(Kind.NONE, null);
            default -> new GroupKey(Kind.HASHED, key(privacy, environment, locations));
        };
    }

    /** The place of the file with the key, where one is named: another key is another data set. */
    public static Optional<String> file(PrivacySettings privacy, Map<String, String> environment) {
        if (!privacy.groupId().equals("hashed")) {
            return Optional.empty();
        }
        String file =
                privacy.groupKeyFile() == null ? environment.getOrDefault(FILE_VARIABLE, "") : privacy.groupKeyFile();
        return file.isEmpty() ? Optional.empty() : Optional.of(file);
    }

    /** What tells a key of the environment from another, and is as hard to turn back as a {@code group_id}. */
    public static Optional<String> tag(PrivacySettings privacy, Map<String, String> environment) {
        String value = environment.getOrDefault(VARIABLE, "");
        boolean used = privacy.groupId().equals("hashed") && privacy.groupKeyFile() == null && !value.isEmpty();
        return used
                ? Optional.of(new GroupKey(Kind.HASHED, value.getBytes(StandardCharsets.UTF_8)).idOf("sparktune's key"))
                : Optional.empty();
    }

    private static byte[] key(PrivacySettings privacy, Map<String, String> environment, Locations locations)
            throws IOException {
        if (privacy.groupKeyFile() != null) {
            return ofFile("privacy.group_key_file", privacy.groupKeyFile(), locations);
        }
        String value = environment.getOrDefault(VARIABLE, "");
        String file = environment.getOrDefault(FILE_VARIABLE, "");
        if (!value.isEmpty() && !file.isEmpty()) {
            throw new JobFailure(
                    "the environment has both " + VARIABLE + " and " + FILE_VARIABLE + "; one key is enough");
        }
        if (!file.isEmpty()) {
            return ofFile("the environment's " + FILE_VARIABLE, file, locations);
        }
        if (!value.isEmpty()) {
            return longEnough("the environment's " + VARIABLE, value);
        }
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        return fresh;
    }

    private static byte[] ofFile(String what, String uri, Locations locations) throws IOException {
        return longEnough(
                what + ": " + Redaction.text(uri),
                locations.read(uri, MOST_BYTES).replaceFirst("\\r?\\n\\z", ""));
    }

    private static byte[] longEnough(String what, String value) {
        byte[] key = value.getBytes(StandardCharsets.UTF_8);
        if (key.length < LEAST_BYTES) {
            throw new JobFailure(what + " has " + key.length + " bytes; a key needs at least " + LEAST_BYTES);
        }
        return key;
    }

    /** 32 hexadecimal digits, or the group itself, or null. Not for use by several threads at once. */
    String idOf(String group) {
        if (kind != Kind.HASHED) {
            return kind == Kind.RAW ? group : null;
        }
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
