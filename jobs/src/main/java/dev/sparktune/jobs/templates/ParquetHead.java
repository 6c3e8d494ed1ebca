package dev.sparktune.jobs.templates;

import dev.sparktune.template.TemplateLint.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The first rows of a Parquet file as plain Java values: those that {@code prepare} shows to templates. */
final class ParquetHead {
    private ParquetHead() {}

    static Sample read(InputFile file, int rows) throws IOException {
        MessageType schema;
        try (ParquetFileReader footer = ParquetFileReader.open(file)) {
            schema = footer.getFooter().getFileMetaData().getSchema();
        }
        Set<String> columns = new LinkedHashSet<>();
        schema.getFields().forEach(field -> columns.add(field.getName()));
        List<Map<String, Object>> head = new ArrayList<>();
        try (ParquetReader<Group> reader = new Groups(file).build()) {
            Group row;
            while (head.size() < rows && (row = reader.read()) != null) {
                head.add(fields(row));
            }
        }
        return new Sample(columns, head);
    }

    /** Parquet's builder takes a file that is not Hadoop's by subclass only. */
    private static final class Groups extends ParquetReader.Builder<Group> {
        Groups(InputFile file) {
            super(file);
            withConf(new Configuration(false)); // Hadoop's defaults would take longer to read than the table
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    private static Map<String, Object> fields(Group group) {
        GroupType type = group.getType();
        Map<String, Object> values = new LinkedHashMap<>();
        for (int field = 0; field < type.getFieldCount(); field++) {
            values.put(type.getFieldName(field), field(group, field));
        }
        return values;
    }

    private static Object field(Group group, int field) {
        Type type = group.getType().getType(field);
        int count = group.getFieldRepetitionCount(field);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(value(group, field, i));
            }
            return items;
        }
        return count == 0 ? null : value(group, field, 0);
    }

    private static Object value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return ParquetValue.of(group, field, index);
        }
        Group inner = group.getGroup(field, index);
        if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
            return list(inner);
        } else if (type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation) {
            return map(inner);
        }
        return fields(inner);
    }

    /** {@code repeated group list { optional T element }}, or an older writer's {@code repeated T array}. */
    private static List<Object> list(Group list) {
        Type repeated = list.getType().getType(0);
        boolean wrapped = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            items.add(wrapped ? field(list.getGroup(0, i), 0) : value(list, 0, i));
        }
        return items;
    }

    private static Map<Object, Object> map(Group map) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            entries.put(field(entry, 0), field(entry, 1));
        }
        return entries;
    }
}
