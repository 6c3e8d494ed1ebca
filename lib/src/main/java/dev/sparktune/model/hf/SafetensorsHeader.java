package dev.sparktune.model.hf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of itself: 8 bytes with the length of the header (little-endian), the header as JSON (tensor →
 * dtype, shape, data_offsets), then the tensors' bytes without holes. Every number is checked against the size of the file
 * before anything is allocated by it.
 *
 * @param tensors by name, in the order of the file's header
 * @param dataOffset where the tensors' bytes begin in the file
 */
record SafetensorsHeader(Map<String, Entry> tensors, long dataOffset) {
    /** The bound of the reference implementation. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    /** One tensor: its bytes are {@code [begin, end)} counted from {@link #dataOffset}. */
    record Entry(String name, Dtype dtype, long[] shape, long begin, long end) {
        long length() {
            return (end - begin) / dtype.bytes();
        }
    }

    static SafetensorsHeader read(FileChannel channel, Path file) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw broken(file, "has " + size + " bytes, too few for a header");
        }
        ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        SafetensorsFile.readFully(channel, prefix, 0);
        long length = prefix.getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw broken(
                    file,
                    "claims a header of " + Long.toUnsignedString(length) + " bytes; the bound is " + MAX_HEADER_BYTES);
        }
        if (length > size - Long.BYTES) {
            throw broken(file, "is cut short: its header has " + length + " bytes, the file " + size);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        SafetensorsFile.readFully(channel, bytes, Long.BYTES);
        return parse(bytes.flip(), size - Long.BYTES - length, file);
    }

    /** Checks a header of a file that has {@code dataBytes} bytes after it. */
    static SafetensorsHeader parse(ByteBuffer header, long dataBytes, Path file) {
        long dataOffset = Long.BYTES + (long) header.remaining();
        JsonNode root = json(header, file);
        if (!root.isObject()) {
            throw broken(file, "has a header that is no JSON object");
        }
        Map<String, Entry> tensors = new LinkedHashMap<>();
        root.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("__metadata__")) {
                tensors.put(field.getKey(), entry(field.getKey(), field.getValue(), dataBytes, file));
            }
        });
        checkCover(tensors, dataBytes, file);
        return new SafetensorsHeader(tensors, dataOffset);
    }

    private static JsonNode json(ByteBuffer header, Path file) {
        try {
            return JSON.readTree(
                    StandardCharsets.UTF_8.newDecoder().decode(header).toString());
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(text(file, "has a header that is not UTF-8"), e);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(
                    text(file, "has a header that is not valid JSON: " + e.getOriginalMessage()), e);
        }
    }

    private static Entry entry(String name, JsonNode json, long dataBytes, Path file) {
        Dtype dtype = Dtype.named(json.path("dtype").asText())
                .orElseThrow(() -> broken(
                        file,
                        "gives tensor '" + shown(name) + "' the unknown dtype '"
                                + shown(json.path("dtype").asText()) + "'"));
        long[] shape = numbers(name, "shape", json.path("shape"), file);
        long[] offsets = numbers(name, "data_offsets", json.path("data_offsets"), file);
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
            throw broken(
                    file,
                    "places tensor '" + shown(name) + "' at bytes " + Arrays.toString(offsets) + ", outside its "
                            + dataBytes + " bytes of data");
        }
        long length = dtype.bytes();
        try {
            for (long side : shape) {
                length = Math.multiplyExact(length, side);
            }
        } catch (ArithmeticException e) {
            length = -1;
        }
        if (length != offsets[1] - offsets[0]) {
            throw broken(
                    file,
                    "gives tensor '" + shown(name) + "' " + (offsets[1] - offsets[0]) + " bytes, which are no " + dtype
                            + " of shape " + Arrays.toString(shape));
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(String name, String key, JsonNode list, Path file) {
        long[] numbers = new long[list.size()];
        boolean valid = list.isArray();
        for (int i = 0; valid && i < numbers.length; i++) {
            JsonNode number = list.get(i);
            valid = number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
            numbers[i] = number.longValue();
        }
        if (!valid) {
            throw broken(file, "has no list of whole numbers as " + key + " of tensor '" + shown(name) + "'");
        }
        return numbers;
    }

    /** Each byte of the data belongs to one tensor. */
    private static void checkCover(Map<String, Entry> tensors, long dataBytes, Path file) {
        List<Entry> byPlace = new ArrayList<>(tensors.values());
        byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        for (Entry entry : byPlace) {
            if (entry.begin() != covered) {
                throw broken(
                        file,
                        "leaves a hole or an overlap before tensor '" + shown(entry.name()) + "', which begins at "
                                + entry.begin() + " where " + covered + " was due");
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw broken(file, "has " + dataBytes + " bytes of data, but its tensors make " + covered);
        }
    }

    /** A name from outside, short enough for a message and without control characters. */
    private static String shown(String name) {
        String cut = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static ModelFormatException broken(Path file, String why) {
        return new ModelFormatException(text(file, why));
    }

    private static String text(Path file, String why) {
        return "the safetensors file " + file + " " + why;
    }
}
