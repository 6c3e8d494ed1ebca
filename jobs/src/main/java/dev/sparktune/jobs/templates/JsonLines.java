package dev.sparktune.jobs.templates;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Maps as JSON objects, one a line, in UTF-8; surrogates are escaped, so that half a pair survives. */
final class JsonLines implements Closeable {
    private final JsonGenerator out;

    JsonLines(OutputStream out) throws IOException {
        this.out = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    /** @param object texts, whole numbers, booleans, null, and lists and maps of them */
    void write(Map<String, Object> object) throws IOException {
        value(object);
    }

    private void value(Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                value(entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                value(item);
            }
            out.writeEndArray();
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value == null) {
            out.writeNull();
        } else {
            out.writeString((String) value);
        }
    }

    @Override
    public void close() throws IOException {
        if (out.getOutputContext().getCurrentIndex() >= 0) {
            out.writeRaw('\n');
        }
        out.close();
    }
}
