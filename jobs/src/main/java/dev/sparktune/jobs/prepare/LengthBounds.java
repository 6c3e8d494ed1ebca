package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.CleanSettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** How long a text may be, in characters (Unicode code points) or tokens. A missing text has none of either. */
record LengthBounds(List<Bound> bounds, TokenCounter counter) {
    private static final String CHARACTERS = "characters";
    private static final String TOKENS_UNIT = "tokens";
    /** Column of a column's token count; its name follows. */
    private static final String TOKENS = "__tokens_";

    /**
     * One column's bound.
     *
     * @param unit characters or tokens
     * @param fewest whether it is the least allowed, else the most
     */
    private record Bound(String column, String unit, boolean fewest, long bound) {
        String reason() {
            return column + " has " + (fewest ? "fewer" : "more") + " than " + bound + " " + unit;
        }
    }

    /** What the settings alone can tell. */
    static void check(CleanSettings clean) {
        checkOrder("chars", clean.minChars(), clean.maxChars());
        checkOrder("tokens", clean.minTokens(), clean.maxTokens());
        boolean tokens = !clean.minTokens().isEmpty() || !clean.maxTokens().isEmpty();
        if (tokens == (clean.tokenizer() == null)) {
            throw new SettingsException(
                    tokens
                            ? "clean.tokenizer: is required by clean.min_tokens and clean.max_tokens"
                            : "clean.tokenizer: is given, but neither clean.min_tokens nor clean.max_tokens");
        }
    }

    private static void checkOrder(String unit, Map<String, Long> fewest, Map<String, Long> most) {
        for (String column : new LinkedHashSet<>(most.keySet())) {
            if (most.get(column) < Math.max(1, fewest.getOrDefault(column, 1L))) {
                throw new SettingsException("clean.max_" + unit + "." + column + ": must be at least "
                        + (fewest.containsKey(column) ? "clean.min_" + unit + "." + column + ", " : "")
                        + Math.max(1, fewest.getOrDefault(column, 1L)) + ", but is " + most.get(column));
            }
        }
    }

    static LengthBounds of(CleanSettings clean, SparkSession spark) throws IOException {
        List<Bound> bounds = new ArrayList<>();
        clean.minChars().forEach((column, bound) -> bounds.add(new Bound(column, CHARACTERS, true, bound)));
        clean.maxChars().forEach((column, bound) -> bounds.add(new Bound(column, CHARACTERS, false, bound)));
        clean.minTokens().forEach((column, bound) -> bounds.add(new Bound(column, TOKENS_UNIT, true, bound)));
        clean.maxTokens().forEach((column, bound) -> bounds.add(new Bound(column, TOKENS_UNIT, false, bound)));
        TokenCounter counter = clean.tokenizer() == null
                ? null
                : new TokenCounter(ExecutorTokenizer.read(spark, "clean.tokenizer", clean.tokenizer()));
        return new LengthBounds(bounds, counter);
    }

    /** The columns that have bounds. */
    Set<String> columns() {
        Set<String> columns = new TreeSet<>(columns(CHARACTERS));
        columns.addAll(columns(TOKENS_UNIT));
        return columns;
    }

    private Set<String> columns(String unit) {
        return bounds.stream()
                .filter(bound -> bound.unit.equals(unit))
                .map(Bound::column)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The table with a column of token counts for each that is bounded so: counted once, whichever bounds there are. */
    Dataset<Row> counted(Dataset<Row> rows) {
        Dataset<Row> counted = rows;
        for (String column : columns()) {
            DataType type = rows.schema().apply(column).dataType();
            if (!type.equals(DataTypes.StringType)) {
                throw new JobFailure("clean: the length of '" + column + "' is bounded, but it is of type "
                        + type.simpleString() + ", not a text");
            }
        }
        if (counter != null) {
            var count = udf(counter, DataTypes.LongType).asNondeterministic();
            for (String column : columns(TOKENS_UNIT)) {
                counted = counted.withColumn(TOKENS + column, count.apply(InputTable.column(column)));
            }
        }
        return counted;
    }

    /** Reason → what it holds for, in rows of {@link #counted}. */
    Map<String, Column> violations() {
        Map<String, Column> violations = new LinkedHashMap<>();
        for (Bound bound : bounds) {
            Column size = bound.unit.equals(TOKENS_UNIT)
                    ? InputTable.column(TOKENS + bound.column)
                    : coalesce(length(InputTable.column(bound.column)), lit(0));
            violations.put(bound.reason(), bound.fewest ? size.lt(bound.bound) : size.gt(bound.bound));
        }
        return violations;
    }
}
