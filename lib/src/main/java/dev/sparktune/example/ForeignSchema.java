package dev.sparktune.example;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Which columns of somebody's Parquet file serve as an {@link Example}'s. */
final class ForeignSchema {
    private ForeignSchema() {}

    /**
     * @return the file's own columns that an example knows
     * @throws IllegalArgumentException naming the columns that are missing or of another type, and those that are there
     */
    static MessageType select(MessageType schema, String file) {
        List<String> there = schema.getFields().stream().map(Type::getName).toList();
        List<String> missing = ExampleSchema.REQUIRED.stream()
                .filter(column -> !there.contains(column))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no column " + quoted(missing) + "; its columns are " + quoted(there));
        }
        List<Type> wanted = new ArrayList<>();
        for (String column : ExampleSchema.COLUMNS) {
            if (there.contains(column)) {
                Type type = schema.getType(column);
                check(type, file);
                wanted.add(type);
            }
        }
        return new MessageType(schema.getName(), wanted);
    }

    private static void check(Type type, String file) {
        boolean right =
                switch (type.getName()) {
                    case ExampleSchema.ANSWER_CHOICES -> isList(type);
                    // Others number their rows.
                    case ExampleSchema.ID, ExampleSchema.GROUP_ID -> isText(type) || isWholeNumber(type);
                    default -> isText(type);
                };
        if (!right) {
            String needed = type.getName().equals(ExampleSchema.ANSWER_CHOICES)
                    ? "a list of strings (list.element)"
                    : "a string";
            throw new IllegalArgumentException(
                    file + ": column '" + type.getName() + "' must be " + needed + ", it is '" + type + "'");
        }
    }

    private static boolean isText(Type type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY
                && (annotation instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                        || annotation instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation);
    }

    private static boolean isWholeNumber(Type type) {
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && (type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64
                        || type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32);
    }

    /** The standard's three levels under the standard's names: the column, a repeated {@code list}, its {@code element}. */
    private static boolean isList(Type type) {
        if (type.isPrimitive()
                || !(type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation)) {
            return false;
        }
        Type repeated = type.asGroupType().getType(0);
        return !repeated.isPrimitive()
                && repeated.getName().equals("list")
                && repeated.asGroupType().getFieldCount() == 1
                && repeated.asGroupType().getFieldName(0).equals("element")
                && isText(repeated.asGroupType().getType(0));
    }

    private static String quoted(List<String> names) {
        return names.stream()
                .map(name -> "'" + name + "'")
                .reduce((a, b) -> a + ", " + b)
                .orElse("none");
    }
}
