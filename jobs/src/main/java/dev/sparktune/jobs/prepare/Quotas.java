package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.split.LowestHashes;
import dev.sparktune.split.SplitSizes;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Counts off rows by lowest hash: those of splits with an exact size, and those of each task of a mixture. Rows that are marked
 * as superfluous are not counted. One exchange of hashes; what a task sends is bounded by the sizes asked for, not by the rows.
 */
final class Quotas implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int TREE_DEPTH = 2;

    /** Where nothing is to be counted off. */
    static final Quotas NONE = new Quotas();

    /** Split → stratum → hashes. */
    private final Map<String, Map<String, LowestHashes>> splits = new HashMap<>();
    /** Task → hashes. */
    private final Map<String, LowestHashes> tasks = new HashMap<>();

    private Quotas() {}

    /**
     * @param sizes split → rows
     * @param tasks task → rows of train that can be needed
     */
    static Quotas count(
            PlacedTable table,
            Dataset<Row> marks,
            TemplateSet templates,
            Map<String, Long> sizes,
            Map<String, Integer> tasks) {
        List<String> names = table.map().fractions().names();
        List<String> order = List.copyOf(tasks.keySet());
        Column asked = order.isEmpty() ? lit(0L) : TasksOfRow.of(table, templates, order);
        return WalkedRows.of(unmarked(table, marks, asked))
                .mapPartitions(
                        rows -> List.of(of(rows, names, sizes, order, tasks)).iterator())
                .treeReduce(Quotas::and, TREE_DEPTH);
    }

    /** @throws JobFailure where a split has fewer rows than its size */
    SplitSizes sizes(Map<String, Long> wanted) {
        try {
            return SplitSizes.of(wanted, splits);
        } catch (IllegalArgumentException e) {
            throw new JobFailure("split.sizes: " + e.getMessage(), e);
        }
    }

    /** Task → hashes under the task, of training rows that give an example of it. */
    Map<String, LowestHashes> tasks() {
        return tasks;
    }

    /** Hash, split and stratum of every good row that no mark is for, each id once: of several groups that of the lowest hash. */
    private static Dataset<Row> unmarked(PlacedTable table, Dataset<Row> marks, Column tasks) {
        String split = "__split";
        String ofTasks = "__tasks";
        Dataset<Row> rows = table.good()
                .select(
                        col(InputTable.HASH),
                        col(PlacedTable.TIE),
                        table.split().as(split),
                        col(InputTable.STRATUM),
                        tasks.as(ofTasks),
                        lit(null).cast("string").as(PlacedTable.MARK));
        Dataset<Row> marked = marks.select(
                col(InputTable.HASH),
                col(PlacedTable.TIE),
                lit(-1).as(split),
                lit(null).cast("string").as(InputTable.STRATUM),
                lit(0L).as(ofTasks),
                col(PlacedTable.MARK));
        return rows.union(marked)
                .repartition(col(InputTable.HASH))
                .sortWithinPartitions(
                        col(InputTable.HASH),
                        col(PlacedTable.TIE),
                        col(PlacedTable.MARK).asc_nulls_last())
                .mapPartitions((MapPartitionsFunction<Row, Row>) Unmarked::new, Encoders.row(rows.schema()));
    }

    private static Quotas of(
            Iterator<Row> rows,
            List<String> names,
            Map<String, Long> sizes,
            List<String> order,
            Map<String, Integer> tasks) {
        Quotas quotas = new Quotas();
        while (rows.hasNext()) {
            Row row = rows.next();
            long hash = row.getLong(0);
            String split = names.get(row.getInt(2));
            Long size = sizes.get(split);
            if (size != null) {
                quotas.splits
                        .computeIfAbsent(split, s -> new HashMap<>())
                        .computeIfAbsent(row.getString(3), s -> new LowestHashes(SplitSizes.mostOf(size)))
                        .add(hash);
            }
            for (int i = 0; split.equals(SplitPlan.TRAIN) && i < order.size(); i++) {
                String task = order.get(i);
                if ((row.getLong(4) >> i & 1) == 1) {
                    quotas.tasks
                            .computeIfAbsent(task, t -> new LowestHashes(tasks.get(t)))
                            .add(MixtureRule.hash(task, hash));
                }
            }
        }
        return quotas;
    }

    private Quotas and(Quotas other) {
        other.splits.forEach((split, strata) -> strata.forEach((stratum, hashes) ->
                splits.computeIfAbsent(split, s -> new HashMap<>()).merge(stratum, hashes, Quotas::both)));
        other.tasks.forEach((task, hashes) -> tasks.merge(task, hashes, Quotas::both));
        return this;
    }

    private static LowestHashes both(LowestHashes hashes, LowestHashes more) {
        hashes.addAll(more);
        return hashes;
    }

    /** The first of each hash, unless a mark stands in front of it: where the mark is for the row, or the row is not the first. */
    private static final class Unmarked implements Iterator<Row> {
        private static final int MARK = 5;

        private final Iterator<Row> rows;
        private Row last;
        private Row next;

        Unmarked(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                Row row = rows.next();
                if (row.isNullAt(MARK) && (last == null || row.getLong(0) != last.getLong(0))) {
                    next = row;
                }
                last = row;
            }
            return next != null;
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next;
            next = null;
            return row;
        }
    }
}
