package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.sparktune.jobs.run.JobFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;

/** The stratum of a row: the values of some columns joined by {@code |}, numbers of many values cut at their quantiles. */
final class Strata {
    /** The one stratum of rows that are not stratified. */
    static final String WHOLE = "all";

    private static final String NULL = "null";

    private Strata() {}

    /**
     * @param columns may be empty
     * @param cuts of those columns that are cut at quantiles: ascending
     */
    static Column of(List<String> columns, Map<String, List<Double>> cuts) {
        if (columns.isEmpty()) {
            return lit(WHOLE);
        }
        return concat_ws(
                "|",
                columns.stream()
                        .map(name -> cuts.containsKey(name)
                                ? between(InputTable.column(name), cuts.get(name))
                                : coalesce(InputTable.column(name).cast("string"), lit(NULL)))
                        .toArray(Column[]::new));
    }

    /** {@code q1} up to the first cut and with it, {@code q2} up to the second; the last beyond all. */
    private static Column between(Column number, List<Double> cuts) {
        Column part = when(number.isNull(), NULL);
        for (int i = 0; i < cuts.size(); i++) {
            part = part.when(number.leq(lit(cuts.get(i))), "q" + (i + 1));
        }
        return part.otherwise("q" + (cuts.size() + 1));
    }

    /**
     * The cuts of each column at its quantiles, exact, over all good rows; one aggregate. Equal ones are one: a number that is
     * mostly 0 has fewer parts than were asked for.
     *
     * @param parts column → into how many parts of equal count
     * @throws JobFailure for a column that is not there or holds no numbers
     */
    static SortedMap<String, List<Double>> cuts(InputTable table, Map<String, Integer> parts) {
        SortedMap<String, List<Double>> cuts = new TreeMap<>();
        if (parts.isEmpty()) {
            return cuts;
        }
        List<String> columns = List.copyOf(parts.keySet());
        Dataset<Row> good = table.rows().where(col(InputTable.REASON).isNull());
        for (String column : columns) {
            if (!table.columns().contains(column)
                    || !(good.schema().apply(column).dataType() instanceof NumericType)) {
                throw new JobFailure("split.quantiles: '" + column + "' must be a column of numbers");
            }
        }
        Column[] percentiles = columns.stream()
                .map(column -> expr("percentile(`" + column.replace("`", "``") + "`, array("
                        + IntStream.range(1, parts.get(column))
                                .mapToObj(i -> (double) i / parts.get(column) + "D")
                                .collect(Collectors.joining(", "))
                        + "))"))
                .toArray(Column[]::new);
        Row row = good.select(percentiles).head();
        for (int i = 0; i < columns.size(); i++) {
            List<Double> found = row.isNullAt(i) ? List.of() : new ArrayList<>(row.<Double>getList(i));
            List<Double> ascending = new ArrayList<>(new TreeSet<>(found));
            cuts.put(columns.get(i), Collections.unmodifiableList(ascending));
        }
        return cuts;
    }
}
