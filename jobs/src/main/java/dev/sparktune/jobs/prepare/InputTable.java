package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.CleanSettings;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * The user's table with what every later step asks of a row worked out beside its columns. No row is read before an
 * action; all that the table's schema can tell is checked when this is made.
 *
 * @param rows the columns that templates see and those that settings name, then {@link #ID} to {@link #EXCLUDED}
 * @param columns names of the columns in front of those
 * @param badFiles files that were left out, with {@code input.on_bad_file: quarantine}
 * @param exclusion what became of the table of ids to leave out; null where there is none
 */
record InputTable(Dataset<Row> rows, List<String> columns, List<BadFile> badFiles, Exclusion exclusion) {
    /**
     * A file that was not read.
     *
     * @param path its URI
     * @param reason such as {@code empty (0 bytes)}
     */
    record BadFile(String path, String reason) {}

    /**
     * Ids that are to be left out.
     *
     * @param ids different ones in the table of {@code input.exclude}
     * @param notFound how many of them no row of the input has
     */
    record Exclusion(long ids, long notFound) {}

    /** String: the record's id; null in a row that has none. */
    static final String ID = "__id";
    /** String: what must not straddle splits; the id where the user named no group or the row has none. */
    static final String GROUP = "__group";
    /** String: the values to stratify by, joined by {@code |}; {@value #WHOLE} where the user named none. */
    static final String STRATUM = "__stratum";
    /** Long: hash of the id, by which rows are dealt to partitions and ordered. */
    static final String HASH = "__hash";
    /** String: why the row goes to quarantine; null in a good one. */
    static final String REASON = "__reason";
    /** Long: the bits of the {@link dev.sparktune.clean.CleaningStep}s that changed something in the row. */
    static final String CLEANED = "__cleaned";
    /** Boolean, never null: the row's id is to be left out. It is counted for the splits, so that no other row moves, and written nowhere. */
    static final String EXCLUDED = "__excluded";

    static final String WHOLE = "all";

    private static final String DEFAULT_ID = "review_id";
    private static final int ID_HEX_DIGITS = 32;
    /** A sign that is no white space, in Unicode's sense. */
    private static final String SIGN = "[^\\s\\p{Z}]";

    private static final UserDefinedFunction RECORD_HASH =
            udf((UDF1<String, Long>) id -> KeyHash.of("record", id), DataTypes.LongType);

    /** @throws JobFailure for a column that is not there (those that are, named) or cannot serve, a bad expression, a bad file */
    static InputTable read(SparkSession spark, InputSettings input, CleanSettings clean, SplitSettings split) {
        Dataset<Row> source = SourceTable.open(spark, input);
        Map<String, Column> known = columnsOf(source, input.columns());
        String id = input.id() != null ? input.id() : known.containsKey(DEFAULT_ID) ? DEFAULT_ID : null;
        check(known, "clean.required", clean.required());
        check(known, "split.stratify", split.stratify());
        check(known, "split.group", split.group() == null ? List.of() : List.of(split.group()));
        check(known, "input.id", id == null ? List.of() : List.of(id));

        Map<String, Column> kept = new LinkedHashMap<>(known);
        if (!input.columns().isEmpty()) {
            Set<String> asked = new HashSet<>(input.columns().keySet());
            asked.addAll(clean.required());
            asked.addAll(split.stratify());
            asked.addAll(Arrays.asList(id, split.group(), SourceTable.CORRUPT));
            kept.keySet().retainAll(asked);
        }
        List<String> names = List.copyOf(kept.keySet());
        List<Column> selected = new ArrayList<>();
        kept.forEach((name, column) -> selected.add(column.as(name)));
        selected.add((id == null ? hashOfRow(source) : known.get(id).cast("string")).as(ID));
        Dataset<Row> rows = SourceTable.timesAsText(source.select(selected.toArray(new Column[0])));
        checkKeys(rows.schema(), id, split);
        return new InputTable(limited(withKeys(rows, names, clean, split), input.limit()), names, List.of(), null);
    }

    private static Dataset<Row> withKeys(
            Dataset<Row> rows, List<String> names, CleanSettings clean, SplitSettings split) {
        Column group =
                split.group() == null ? col(ID) : coalesce(column(split.group()).cast("string"), col(ID));
        return rows.withColumn(GROUP, group)
                .withColumn(STRATUM, stratum(split.stratify()))
                .withColumn(HASH, RECORD_HASH.apply(coalesce(col(ID), rowAsJson(names))))
                .withColumn(REASON, reason(names.contains(SourceTable.CORRUPT), clean.required()))
                .withColumn(CLEANED, lit(0L))
                .withColumn(EXCLUDED, lit(false));
    }

    /** The source's columns and over them those that the user named, each with its expression. */
    private static Map<String, Column> columnsOf(Dataset<Row> source, Map<String, String> named) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : source.columns()) {
            if (name.startsWith("__")) {
                throw new JobFailure("the input's column '" + name + "' begins with __, which is kept for our own");
            }
            columns.put(name, column(name));
        }
        named.forEach((name, expression) -> {
            SourceTable.analysed(
                    "input.columns." + name + ": " + expression,
                    () -> source.select(expr(expression).as(name)));
            columns.put(name, expr(expression));
        });
        return columns;
    }

    private static void check(Map<String, Column> known, String key, List<String> names) {
        for (String name : names) {
            if (!known.containsKey(name)) {
                throw new JobFailure(key + ": there is no column '" + name + "'; there are "
                        + known.keySet().stream()
                                .map(there -> "'" + there + "'")
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    /** Keys become text: a list or a binary value has none that means the same everywhere. */
    private static void checkKeys(StructType schema, String id, SplitSettings split) {
        List<String> keys = new ArrayList<>(split.stratify());
        keys.addAll(Arrays.asList(id, split.group()));
        for (String key : keys) {
            DataType type = key == null || !Arrays.asList(schema.fieldNames()).contains(key)
                    ? DataTypes.StringType
                    : schema.apply(key).dataType();
            if (type instanceof ArrayType
                    || type instanceof MapType
                    || type instanceof StructType
                    || type instanceof BinaryType) {
                throw new JobFailure("column '" + key + "' is of type " + type.simpleString()
                        + "; an id, a group or a stratum must be a text, a number, a date or a boolean");
            }
        }
    }

    private static Column stratum(List<String> columns) {
        if (columns.isEmpty()) {
            return lit(WHOLE);
        }
        return concat_ws(
                "|",
                columns.stream()
                        .map(name -> coalesce(column(name).cast("string"), lit("null")))
                        .toArray(Column[]::new));
    }

    /** The first thing that is wrong with a row. */
    private static Column reason(boolean lines, List<String> required) {
        Column reason = lines
                ? when(column(SourceTable.CORRUPT).isNotNull(), "malformed line")
                        .when(col(ID).isNull(), "no id")
                : when(col(ID).isNull(), "no id");
        for (String name : required) {
            Column text = column(name).cast("string");
            reason = reason.when(text.isNull().or(not(text.rlike(SIGN))), name + " is empty");
        }
        return reason;
    }

    private static Column hashOfRow(Dataset<Row> source) {
        return substring(sha2(rowAsJson(List.of(source.columns())).cast("binary"), 256), 1, ID_HEX_DIGITS);
    }

    private static Column rowAsJson(List<String> names) {
        return to_json(struct(names.stream().map(InputTable::column).toArray(Column[]::new)));
    }

    /** The rows of the lowest hashes: the same ones whatever the order of the files, and most of them stay as data grows. */
    private static Dataset<Row> limited(Dataset<Row> rows, Long limit) {
        if (limit == null) {
            return rows;
        }
        int most = (int) Math.min(limit, Integer.MAX_VALUE);
        Row last = rows.select(HASH).orderBy(HASH).limit(most).agg(max(HASH)).head();
        return last.isNullAt(0) ? rows : rows.where(col(HASH).leq(last.getLong(0)));
    }

    /** A column by its exact name: dots in it are no path. */
    static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
