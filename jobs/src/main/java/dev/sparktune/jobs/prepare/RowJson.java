package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.spark.sql.Row;

/** A row as one line of JSON, whatever is in it. */
final class RowJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RowJson() {}

    static String of(Row row, List<String> columns) {
        try {
            return JSON.writeValueAsString(RowValues.of(row, columns));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
