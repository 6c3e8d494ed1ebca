package dev.sparktune.jobs.templates;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sparktune.template.TemplateLint.Sample;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows as JSON objects, one a line, read as Python's json does: whole numbers of any size, floats, NaN and Infinity. A line that is no
 * object spoils no other.
 */
final class JsonRows {
    private static final int MOST_DIGITS = 10_000;

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(Object.class);

    static {
        READER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build());
    }

    private final BufferedInputStream in;
    private long line = -1;

    JsonRows(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /**
     * One line.
     *
     * @param index counts lines from 0, blank ones too
     * @param values null where the line is no JSON object
     * @param error why; else null
     */
    record JsonRow(long index, Map<String, Object> values, String error) {}

    /** The next line that is not blank; null behind the last. */
    JsonRow next() throws IOException {
        while (true) {
            byte[] text = nextLine();
            if (text == null) {
                return null;
            }
            line++;
            if (!isBlank(text)) {
                return parsed(text);
            }
        }
    }

    /** The first rows of a table, an object a line or one array of objects; its columns are what these rows have. */
    static Sample head(InputStream in, int rows) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        List<Map<String, Object>> head = startsArray(buffered) ? ofArray(buffered, rows) : ofLines(buffered, rows);
        Set<String> columns = new LinkedHashSet<>();
        head.forEach(values -> columns.addAll(values.keySet()));
        // As in Spark, a row that lacks a column has null there.
        for (Map<String, Object> values : head) {
            columns.forEach(column -> values.putIfAbsent(column, null));
        }
        return new Sample(columns, head);
    }

    private static boolean startsArray(BufferedInputStream in) throws IOException {
        in.mark(1 << 10);
        int first = in.read();
        while (first == ' ' || first == '\t' || first == '\r' || first == '\n') {
            first = in.read();
        }
        in.reset();
        return first == '[';
    }

    private static List<Map<String, Object>> ofLines(InputStream in, int rows) throws IOException {
        JsonRows lines = new JsonRows(in);
        List<Map<String, Object>> head = new ArrayList<>();
        JsonRow row;
        while (head.size() < rows && (row = lines.next()) != null) {
            if (row.error() != null) {
                throw new IOException("line " + (row.index() + 1) + ": " + row.error());
            }
            head.add(row.values());
        }
        return head;
    }

    private static List<Map<String, Object>> ofArray(InputStream in, int rows) throws IOException {
        List<Map<String, Object>> head = new ArrayList<>();
        ObjectReader object = READER.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .forType(new TypeReference<LinkedHashMap<String, Object>>() {});
        try (JsonParser parser = READER.createParser(in)) {
            parser.nextToken();
            while (head.size() < rows && parser.nextToken() == JsonToken.START_OBJECT) {
                head.add(object.readValue(parser));
            }
        }
        return head;
    }

    private JsonRow parsed(byte[] text) {
        try {
            if (READER.readValue(text) instanceof Map<?, ?> map) {
                @SuppressWarnings("unchecked") // keys of a JSON object are texts
                Map<String, Object> values = (Map<String, Object>) map;
                return new JsonRow(line, values, null);
            }
            return new JsonRow(line, null, "a row must be a JSON object");
        } catch (JsonProcessingException e) {
            return new JsonRow(line, null, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return new JsonRow(line, null, "not JSON: " + e.getMessage());
        }
    }

    private byte[] nextLine() throws IOException {
        int next = in.read();
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 10);
        for (; next >= 0 && next != '\n'; next = in.read()) {
            text.write(next);
        }
        return text.toByteArray();
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
