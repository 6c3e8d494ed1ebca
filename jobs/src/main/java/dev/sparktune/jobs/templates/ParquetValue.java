package dev.sparktune.jobs.templates;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.JulianFields;
import java.util.Base64;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** One value of a Parquet column as templates see it: numbers, booleans and texts; times are texts in UTC, bytes are Base64. */
final class ParquetValue {
    private ParquetValue() {}

    static Object of(Group group, int field, int index) {
        PrimitiveType type = group.getType().getType(field).asPrimitiveType();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> group.getBoolean(field, index);
            case INT32 -> ofLong(group.getInteger(field, index), type.getLogicalTypeAnnotation());
            case INT64 -> ofLong(group.getLong(field, index), type.getLogicalTypeAnnotation());
            case FLOAT -> Double.parseDouble(Float.toString(group.getFloat(field, index)));
            case DOUBLE -> group.getDouble(field, index);
            case INT96 -> text(julian(group.getInt96(field, index)));
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                ofBytes(group.getBinary(field, index), type.getLogicalTypeAnnotation());
        };
    }

    private static Object ofLong(long value, LogicalTypeAnnotation annotation) {
        if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            return BigDecimal.valueOf(value, decimal.getScale()).doubleValue();
        } else if (annotation instanceof DateLogicalTypeAnnotation) {
            return LocalDate.ofEpochDay(value).toString();
        } else if (annotation instanceof TimestampLogicalTypeAnnotation time) {
            long perSecond = time.getUnit() == TimeUnit.MILLIS
                    ? 1_000
                    : time.getUnit() == TimeUnit.MICROS ? 1_000_000 : 1_000_000_000;
            return text(Instant.ofEpochSecond(
                    Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond)));
        }
        return value;
    }

    private static Object ofBytes(Binary bytes, LogicalTypeAnnotation annotation) {
        if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            return new BigDecimal(new BigInteger(bytes.getBytes()), decimal.getScale()).doubleValue();
        }
        return annotation == null ? Base64.getEncoder().encodeToString(bytes.getBytes()) : bytes.toStringUsingUTF8();
    }

    /** Nanoseconds of the day, then the Julian day. */
    private static Instant julian(Binary int96) {
        ByteBuffer buffer = int96.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = buffer.getLong();
        LocalDate day = LocalDate.MIN.with(JulianFields.JULIAN_DAY, buffer.getInt());
        return day.atStartOfDay().plusNanos(nanos).toInstant(ZoneOffset.UTC);
    }

    private static String text(Instant time) {
        return Timestamp.valueOf(LocalDateTime.ofInstant(time, ZoneOffset.UTC)).toString();
    }
}
