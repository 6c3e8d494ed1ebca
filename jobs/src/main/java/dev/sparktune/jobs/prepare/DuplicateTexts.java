package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Marks rows whose texts are exactly those of another. Hashes alone are exchanged. The one to stay is that of the lowest hash of its
 * id, whatever the order of the files.
 *
 * <p>Equal hashes of 64 bits count as equal texts: over a billion rows a row is set aside wrongly with a probability of 3 %.
 */
final class DuplicateTexts {
    private static final String REASON = "duplicate text";
    private static final String KEY = "__key";

    private DuplicateTexts() {}

    /** @param columns whose texts together must not occur twice; empty for no such demand */
    static Dataset<Row> marks(PlacedTable table, List<String> columns) {
        if (columns.isEmpty()) {
            return table.rows().sparkSession().createDataFrame(List.of(), PlacedTable.MARKS);
        }
        return table.good()
                .select(
                        col(InputTable.HASH),
                        col(PlacedTable.TIE),
                        col(PlacedTable.PLACE),
                        contents(columns).as(KEY))
                .repartition(col(KEY))
                .sortWithinPartitions(KEY, InputTable.HASH, PlacedTable.TIE)
                .mapPartitions((MapPartitionsFunction<Row, Row>) Superfluous::new, Encoders.row(PlacedTable.MARKS));
    }

    /** Spark's hash passes over null: that one is there is hashed too. */
    private static Column contents(List<String> columns) {
        List<Column> parts = new ArrayList<>();
        for (String name : columns) {
            Column text = InputTable.column(name).cast("string");
            parts.add(coalesce(text, lit("")));
            parts.add(text.isNull());
        }
        return xxhash64(parts.toArray(new Column[0]));
    }

    /** All but the first of each key. */
    private static final class Superfluous implements Iterator<Row> {
        private static final int HASH_AT = 0;
        private static final int TIE_AT = 1;
        private static final int PLACE_AT = 2;
        private static final int KEY_AT = 3;

        private final Iterator<Row> rows;
        private Row first;
        private Row next;

        Superfluous(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                Row row = rows.next();
                if (first == null || !same(row, KEY_AT)) {
                    first = row;
                } else if (!same(row, HASH_AT)) {
                    next = row;
                }
            }
            return next != null;
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row mark = RowFactory.create(next.getLong(HASH_AT), next.getLong(TIE_AT), next.getInt(PLACE_AT), REASON);
            next = null;
            return mark;
        }

        private boolean same(Row row, int at) {
            return row.getLong(at) == first.getLong(at);
        }
    }
}
