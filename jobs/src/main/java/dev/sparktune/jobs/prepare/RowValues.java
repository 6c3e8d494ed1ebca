package dev.sparktune.jobs.prepare;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** A row's values as plain Java ones, which templates know: texts, numbers, booleans, lists and maps. */
public final class RowValues {
    private RowValues() {}

    /** Name → value of the first columns of a row. */
    public static Map<String, Object> of(Row row, List<String> columns) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            values.put(columns.get(i), plain(row.get(i)));
        }
        return values;
    }

    private static Object plain(Object value) {
        if (value instanceof Row struct) {
            Map<String, Object> fields = new LinkedHashMap<>();
            String[] names = struct.schema().fieldNames();
            for (int i = 0; i < names.length; i++) {
                fields.put(names[i], plain(struct.get(i)));
            }
            return fields;
        }
        if (value instanceof scala.collection.Seq<?> seq) {
            List<Object> list = new ArrayList<>();
            JavaConverters.seqAsJavaList(seq).forEach(element -> list.add(plain(element)));
            return list;
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            JavaConverters.mapAsJavaMap(map).forEach((key, element) -> entries.put(plain(key), plain(element)));
            return entries;
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof Float || value instanceof BigDecimal) {
            return Double.parseDouble(value.toString());
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString(); // texts and dates
    }
}
