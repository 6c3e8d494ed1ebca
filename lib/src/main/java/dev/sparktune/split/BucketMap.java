package dev.sparktune.split;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which split each bucket belongs to, frozen: with salt and hash it decides for every key there will ever be. In a
 * manifest it is JSON:
 *
 * <pre>{"version": 1, "hash": "murmur3_x64_128[0]", "salt": "…", "bits": 14,
 *  "fractions": {"train": 0.8, "validation": 0.1, "test": 0.1}, "assignment": base64 of one byte a bucket}</pre>
 */
public final class BucketMap implements Serializable {
    public static final int LEAST_BITS = 10;
    public static final int MOST_BITS = 16;
    public static final int DEFAULT_BITS = 14;

    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final String salt;
    private final int bits;
    private final SplitFractions fractions;
    /** [2^bits]: index of the split. */
    private final byte[] assignment;

    BucketMap(String salt, int bits, SplitFractions fractions, byte[] assignment) {
        this.salt = salt;
        this.bits = bits;
        this.fractions = fractions;
        this.assignment = assignment.clone();
    }

    static void checkBits(int bits) {
        if (bits < LEAST_BITS || bits > MOST_BITS) {
            throw new IllegalArgumentException(
                    "bits must be within " + LEAST_BITS + " and " + MOST_BITS + ", it is " + bits);
        }
    }

    /** The bucket of a group's key, in {@code [0, 2^bits)}; what the counts for a search are made with. */
    public static int bucketOf(String salt, int bits, String key) {
        return KeyHash.bucket(KeyHash.of(salt, key), bits);
    }

    /** Index of the key's split in {@link #fractions()}. */
    public int splitOf(String key) {
        return splitOfBucket(bucketOf(salt, bits, key));
    }

    int splitOfBucket(int bucket) {
        return assignment[bucket];
    }

    public String salt() {
        return salt;
    }

    public int bits() {
        return bits;
    }

    /** The splits, and the shares that the search aimed at. */
    public SplitFractions fractions() {
        return fractions;
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        json.put("hash", KeyHash.NAME);
        json.put("salt", salt);
        json.put("bits", bits);
        ObjectNode shares = json.putObject("fractions");
        fractions.asMap().forEach(shares::put);
        json.put("assignment", Base64.getEncoder().encodeToString(assignment));
        return json;
    }

    /** @throws IllegalArgumentException when the JSON is not such a map, or one of another version or hash */
    public static BucketMap fromJson(JsonNode json) {
        require(json.path("version").asInt(-1) == VERSION, "version", json, String.valueOf(VERSION));
        require(json.path("hash").asText().equals(KeyHash.NAME), "hash", json, KeyHash.NAME);
        require(json.path("salt").isTextual(), "salt", json, "a text");
        require(json.path("bits").isInt(), "bits", json, "a whole number");
        require(json.path("fractions").isObject(), "fractions", json, "split → share");
        require(json.path("assignment").isTextual(), "assignment", json, "base64 of one byte a bucket");
        int bits = json.get("bits").intValue();
        checkBits(bits);
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields =
                        json.get("fractions").fields();
                fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            shares.put(
                    field.getKey(),
                    field.getValue().isNumber() ? field.getValue().doubleValue() : null);
        }
        SplitFractions fractions = SplitFractions.of(shares);
        byte[] assignment = decode(json.get("assignment").textValue());
        if (assignment.length != 1 << bits) {
            throw new IllegalArgumentException("a bucket map of " + bits + " bits has " + (1 << bits)
                    + " buckets, its assignment has " + assignment.length);
        }
        for (byte split : assignment) {
            if (split < 0 || split >= fractions.size()) {
                throw new IllegalArgumentException(
                        "the bucket map's assignment names split " + split + " of " + fractions.size());
            }
        }
        return new BucketMap(json.get("salt").textValue(), bits, fractions, assignment);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the bucket map's assignment is not base64: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String field, JsonNode json, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException("the bucket map's '" + field + "' must be " + wanted + ", it is "
                    + (json.has(field) ? json.get(field) : "missing"));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BucketMap map
                && toJson().equals(map.toJson())
                && fractions.names().equals(map.fractions.names());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(assignment);
    }
}
