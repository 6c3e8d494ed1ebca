package dev.sparktune.jobs.templates;

import dev.sparktune.template.TemplateLint.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.InputFile;

/** The first rows of a Parquet file, as plain Java values. */
final class ParquetHead {
    private ParquetHead() {}

    static Sample read(InputFile file, int rows) throws IOException {
        Configuration conf = new Configuration(false); // Hadoop's defaults would take longer to read than the table
        conf.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
        conf.setBoolean(AvroReadSupport.READ_INT96_AS_FIXED, true);
        Set<String> columns = new LinkedHashSet<>();
        try (ParquetFileReader footer = ParquetFileReader.open(file)) {
            footer.getFooter().getFileMetaData().getSchema().getFields().forEach(field -> columns.add(field.getName()));
        }
        List<Map<String, Object>> head = new ArrayList<>();
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(file)
                .withDataModel(values())
                .withConf(conf)
                .build()) {
            GenericRecord row;
            while (head.size() < rows && (row = reader.read()) != null) {
                head.add(fields(row));
            }
        }
        return new Sample(columns, head);
    }

    private static GenericData values() {
        GenericData values = new GenericData();
        values.addLogicalTypeConversion(new Conversions.DecimalConversion());
        values.addLogicalTypeConversion(new TimeConversions.DateConversion());
        values.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        values.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        return values;
    }

    private static Map<String, Object> fields(GenericRecord row) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Schema.Field field : row.getSchema().getFields()) {
            values.put(field.name(), plain(row.get(field.pos())));
        }
        return values;
    }

    /** As {@code prepare} shows values to templates: see {@link dev.sparktune.jobs.prepare.RowValues}. */
    private static Object plain(Object value) {
        if (value instanceof GenericRecord struct) {
            return fields(struct);
        } else if (value instanceof Collection<?> items) {
            List<Object> list = new ArrayList<>();
            items.forEach(item -> list.add(plain(item)));
            return list;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            map.forEach((key, item) -> entries.put(key.toString(), plain(item)));
            return entries;
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return Base64.getEncoder().encodeToString(copy);
        } else if (value instanceof GenericFixed fixed) {
            return Base64.getEncoder().encodeToString(fixed.bytes());
        } else if (value instanceof Integer number) {
            return number.longValue();
        } else if (value instanceof Float || value instanceof java.math.BigDecimal) {
            return Double.parseDouble(value.toString());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString(); // texts, dates and times
    }
}
