package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.jobs.input.BadFile;
import dev.sparktune.jobs.input.InputFiles;
import dev.sparktune.jobs.input.InputForm;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.CleanSettings;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.KeyHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * action, but for the limit and for excluded ids; all that the table's schema can tell is checked when this is made.
 *
 * @param rows the columns that templates see and those that settings name, cleaned, then {@link #ID} to {@link #EXCLUDED}
 * @param columns names of the columns in front of those
 * @param badFiles files that were left out, with {@code input.on_bad_file: quarantine}
 * @param exclusion what became of the table of ids to leave out; null where there is none
 * @param cuts of columns of numbers that are stratified by quantiles
 */
record InputTable(
        Dataset<Row> rows,
        List<String> columns,
        List<BadFile> badFiles,
        Exclusion exclusion,
        SortedMap<String, List<Double>> cuts) {
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
    /** String: the values to stratify by, joined by {@code |}; {@value Strata#WHOLE} where the user named none. */
    static final String STRATUM = "__stratum";
    /** Long: hash of the id, by which rows are dealt to partitions and ordered. */
    static final String HASH = "__hash";
    /** String: why the row goes to quarantine; null in a good one. */
    static final String REASON = "__reason";
    /** Long: the bits of the {@link dev.sparktune.clean.CleaningStep}s that changed something in the row. */
    static final String CLEANED = "__cleaned";
    /** Boolean, never null: the row's id is to be left out. It is counted for the splits, so that no other row moves, and written nowhere. */
    static final String EXCLUDED = "__excluded";

    private static final String DEFAULT_ID = "review_id";
    private static final int ID_HEX_DIGITS = 32;
    /** A sign that is no white space, in Unicode's sense. */
    private static final String SIGN = "[^\\s\\p{Z}]";
    /** What the ids of {@code input.exclude} are compared with, while that is done. */
    private static final String EXCLUDE_BY = "__exclude_by";

    /** To Spark it is random, so that no filter above makes a second copy of it. */
    private static final UserDefinedFunction RECORD_HASH = udf(
                    (UDF1<String, Long>) id -> KeyHash.of("record", id), DataTypes.LongType)
            .asNondeterministic();

    /** What the settings alone can tell. */
    static void check(InputSettings input, CleanSettings clean) {
        SourceTable.check(input);
        RowCleaning.check(clean);
        LengthBounds.check(clean);
        ExcludedIds.check(input);
    }

    /** @throws JobFailure for a column that is not there (those that are, named) or cannot serve, a bad expression, a bad file */
    static InputTable read(SparkSession spark, InputSettings input, CleanSettings clean, SplitSettings split)
            throws IOException {
        SourceTable source = SourceTable.open(spark, input);
        Map<String, Column> known = columnsOf(source.rows(), input.columns());
        String id = input.id() != null ? input.id() : known.containsKey(DEFAULT_ID) ? DEFAULT_ID : null;
        LengthBounds bounds = LengthBounds.of(clean, spark);
        Map<String, List<String>> asked = asked(input, clean, split, id, bounds);
        asked.forEach((key, names) -> check(known, key, names));
        if (id != null && (clean.columns().contains(id) || clean.categories().containsKey(id))) {
            throw new JobFailure("clean: '" + id + "' is the rows' id, which stays as it is");
        }

        List<String> names = names(known, input, asked);
        Dataset<Row> all = identified(source.rows(), known, names, id, input);
        checkKeys(all.schema(), id, split);
        Dataset<Row> few = limited(all, input.limit());
        Exclusion exclusion = null;
        if (input.exclude() == null) {
            few = few.withColumn(EXCLUDED, lit(false));
        } else {
            ExcludedIds excluded = ExcludedIds.read(spark, input, input.excludeBy() == null ? id : input.excludeBy());
            exclusion = new Exclusion(excluded.number(), excluded.number() - excluded.found(all, col(EXCLUDE_BY)));
            few = excluded.marked(few, col(EXCLUDE_BY));
        }
        Dataset<Row> cleaned = RowCleaning.of(few, names, Arrays.asList(id, split.group(), InputFiles.CORRUPT), clean);
        Dataset<Row> rows = withKeys(bounds.counted(cleaned), names, clean, bounds, split);
        return new InputTable(rows, names, source.badFiles(), exclusion, new TreeMap<>());
    }

    /** Setting → the columns that it names. */
    private static Map<String, List<String>> asked(
            InputSettings input, CleanSettings clean, SplitSettings split, String id, LengthBounds bounds) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        asked.put("clean.required", clean.required());
        asked.put("clean.columns", clean.columns());
        asked.put("clean.categories", List.copyOf(clean.categories().keySet()));
        asked.put("clean's bounds of length", List.copyOf(bounds.columns()));
        asked.put("clean.exact_duplicates", clean.exactDuplicates());
        asked.put("clean.near_duplicates", clean.nearDuplicates());
        asked.put("split.stratify", split.stratify());
        asked.put("split.near_duplicates", split.nearDuplicates());
        asked.put("split.group", split.group() == null ? List.of() : List.of(split.group()));
        asked.put("input.id", id == null ? List.of() : List.of(id));
        asked.put("input.exclude_by", input.excludeBy() == null ? List.of() : List.of(input.excludeBy()));
        return asked;
    }

    /** The columns to keep, as they are, with the row's id, its hash, and what an exclusion looks at. */
    private static Dataset<Row> identified(
            Dataset<Row> source, Map<String, Column> known, List<String> names, String id, InputSettings input) {
        List<Column> selected = new ArrayList<>();
        names.forEach(name -> selected.add(known.get(name).as(name)));
        Column ownId = id == null ? hashOfRow(source) : known.get(id).cast("string");
        selected.add(ownId.as(ID));
        if (input.exclude() != null) {
            Column by = input.excludeBy() == null
                    ? ownId
                    : known.get(input.excludeBy()).cast("string");
            selected.add(trim(by).as(EXCLUDE_BY));
        }
        Dataset<Row> rows = SourceTable.timesAsText(source.select(selected.toArray(new Column[0])));
        return rows.withColumn(
                HASH, when(col(ID).isNotNull(), RECORD_HASH.apply(col(ID))).otherwise(hashOfValues(rows, names)));
    }

    /** The same table, its strata cut so. */
    InputTable cutAt(SortedMap<String, List<Double>> quantiles, List<String> stratify) {
        Dataset<Row> cut = quantiles.isEmpty() ? rows : rows.withColumn(STRATUM, Strata.of(stratify, quantiles));
        return new InputTable(cut, columns, badFiles, exclusion, quantiles);
    }

    /** All that the user did not leave out: with columns of their own, or of the input's form, only those and what settings name. */
    private static List<String> names(Map<String, Column> known, InputSettings input, Map<String, List<String>> asked) {
        List<String> form = InputForm.named(input.form()).columns();
        Set<String> kept = new LinkedHashSet<>(known.keySet());
        if (!input.columns().isEmpty() || !form.isEmpty()) {
            Set<String> wanted = new HashSet<>(form);
            wanted.addAll(input.columns().keySet());
            asked.values().forEach(wanted::addAll);
            wanted.add(InputFiles.CORRUPT);
            kept.retainAll(wanted);
        }
        return List.copyOf(kept);
    }

    private static Dataset<Row> withKeys(
            Dataset<Row> rows, List<String> names, CleanSettings clean, LengthBounds bounds, SplitSettings split) {
        Column group =
                split.group() == null ? col(ID) : coalesce(column(split.group()).cast("string"), col(ID));
        Dataset<Row> keyed = rows.withColumn(GROUP, group)
                .withColumn(STRATUM, Strata.of(split.stratify(), Map.of()))
                .withColumn(REASON, reason(names.contains(InputFiles.CORRUPT), clean.required(), bounds));
        List<Column> ordered =
                new ArrayList<>(names.stream().map(InputTable::column).toList());
        for (String key : List.of(ID, GROUP, STRATUM, HASH, REASON, CLEANED, EXCLUDED)) {
            ordered.add(col(key));
        }
        return keyed.select(ordered.toArray(new Column[0]));
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

    /** The first thing that is wrong with a row. */
    private static Column reason(boolean lines, List<String> required, LengthBounds bounds) {
        Column reason = lines
                ? when(column(InputFiles.CORRUPT).isNotNull(), "malformed line").when(col(ID).isNull(), "no id")
                : when(col(ID).isNull(), "no id");
        for (String name : required) {
            Column text = column(name).cast("string");
            reason = reason.when(text.isNull().or(not(hasSign(text))), name + " is empty");
        }
        for (Map.Entry<String, Column> violation : bounds.violations().entrySet()) {
            reason = reason.when(violation.getValue(), violation.getKey());
        }
        return reason;
    }

    /** Mostly the first byte tells: from ! to ~ in ASCII. */
    private static Column hasSign(Column text) {
        return text.geq("!").and(text.lt("\u007f")).or(text.rlike(SIGN));
    }

    private static Column hashOfRow(Dataset<Row> source) {
        return substring(sha2(rowAsJson(List.of(source.columns())).cast("binary"), 256), 1, ID_HEX_DIGITS);
    }

    /** For a row without an id, which goes to quarantine: any number that does not depend on the order of the files. */
    private static Column hashOfValues(Dataset<Row> rows, List<String> names) {
        return xxhash64(names.stream()
                .map(name ->
                        rows.schema().apply(name).dataType().catalogString().contains("map<")
                                ? rowAsJson(List.of(name))
                                : column(name))
                .toArray(Column[]::new));
    }

    private static Column rowAsJson(List<String> names) {
        return to_json(struct(names.stream().map(InputTable::column).toArray(Column[]::new)));
    }

    /**
     * The rows of the lowest hashes: the same ones whatever the order of the files, and most of them stay as data grows. Rows of the same
     * id have the same hash: nothing tells them apart but the order of the files, so all of them come.
     */
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
