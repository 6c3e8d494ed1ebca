package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The table rendered and written: one exchange takes each row to the partition of its file; there the rows are sorted
 * into a seeded random order, rendered and written.
 *
 * @param files directory, such as {@code prompt_completion/train} → what lies in it
 * @param tally what became of every row
 */
record RenderedFiles(Map<String, Size> files, Tally tally) {
    /** How many files, and their bytes in all. */
    record Size(int files, long bytes) {
        Size and(Size other) {
            return new Size(files + other.files, bytes + other.bytes);
        }
    }

    static final String QUARANTINE = "__quarantine";
    /** What {@link KeyWriter} writes; to be removed once it was read. */
    static final String KEYS = "keys";

    private static final String STAGING = "__staging";

    /** Below the output. */
    static String directory(ExampleForm form, String split) {
        return form.key() + "/" + split;
    }

    /** Removes what a run that was cut off may have left in {@code output}. */
    static void clear(FileSystem fileSystem, Path output) throws IOException {
        for (ExampleForm form : ExampleForm.values()) {
            fileSystem.delete(new Path(output, form.key()), true);
        }
        for (String directory : List.of(QUARANTINE, KEYS, STAGING)) {
            fileSystem.delete(new Path(output, directory), true);
        }
    }

    /** @param marks of rows to be set aside, as {@link PlacedTable#MARKS} */
    static RenderedFiles write(
            PlacedTable table,
            Dataset<Row> marks,
            RecordRenderer renderer,
            List<ExampleForm> forms,
            FileSystem fileSystem,
            Path output)
            throws IOException {
        Configuration hadoop = table.rows().sparkSession().sessionState().newHadoopConf();
        Path staging = new Path(output, STAGING);
        List<PartReport> reports = WalkedRows.of(arranged(table, marks))
                .mapPartitionsWithIndex(
                        new PartWriter(
                                new SerializableConfiguration(hadoop),
                                staging.toString(),
                                renderer,
                                table.map(),
                                forms),
                        true)
                .collect();
        Tally tally = new Tally();
        Map<String, Size> files = new TreeMap<>();
        for (PartReport report : reports) {
            tally.addAll(report.tally());
            for (Map.Entry<String, String> staged : report.files().entrySet()) {
                Path to = next(files, output, staged.getKey());
                fileSystem.mkdirs(to.getParent());
                if (!fileSystem.rename(new Path(staged.getValue()), to)) {
                    throw new IOException("cannot rename " + staged.getValue() + " to " + to);
                }
                files.merge(staged.getKey(), sizeOf(fileSystem, to), Size::and);
            }
        }
        fileSystem.delete(staging, true);
        if (!files.containsKey(KEYS)) {
            new KeyWriter(hadoop, next(files, output, KEYS)).close();
        }
        for (ExampleForm form : forms) {
            for (String split : table.map().fractions().names()) {
                String directory = directory(form, split);
                if (!files.containsKey(directory)) {
                    // A split that no row fell into has its file all the same, so that readers find the columns.
                    Path empty = next(files, output, directory);
                    new ExampleWriter(hadoop, empty, form).close();
                    files.put(directory, sizeOf(fileSystem, empty));
                }
            }
        }
        return new RenderedFiles(files, tally);
    }

    /** A partition for each file, its rows in a random order that the salt seeds; never materialised. */
    static Dataset<Row> arranged(PlacedTable table, Dataset<Row> marks) {
        return RepeatedIds.noticed(table)
                .unionByName(marks, true)
                .repartition(table.files().files(), col(PlacedTable.PLACE))
                .sortWithinPartitions(sameOrderWhateverTheInput(table));
    }

    /**
     * A mark in front of the row that it is for, rows of one id side by side, ordered by all that is in them: equal ones are
     * alike, so it is no matter which is kept.
     */
    private static Column[] sameOrderWhateverTheInput(PlacedTable table) {
        List<Column> order = new ArrayList<>(List.of(
                xxhash64(lit(table.map().salt()), col(InputTable.HASH)),
                col(InputTable.HASH),
                col(PlacedTable.TIE),
                col(PlacedTable.MARK).asc_nulls_last(),
                col(InputTable.ID)));
        for (StructField field : table.rows().schema().fields()) {
            if (table.columns().contains(field.name())) {
                Column column = InputTable.column(field.name());
                order.add(holdsMap(field.dataType()) ? to_json(struct(column)) : column);
            }
        }
        return order.toArray(new Column[0]);
    }

    /** Spark does not order maps. */
    private static boolean holdsMap(DataType type) {
        if (type instanceof ArrayType array) {
            return holdsMap(array.elementType());
        }
        if (type instanceof StructType struct) {
            return List.of(struct.fields()).stream().anyMatch(field -> holdsMap(field.dataType()));
        }
        return type instanceof MapType;
    }

    /** The next file of a directory. */
    private static Path next(Map<String, Size> files, Path output, String directory) {
        int number = files.containsKey(directory) ? files.get(directory).files() : 0;
        return new Path(output, String.format("%s/part-%05d.parquet", directory, number));
    }

    private static Size sizeOf(FileSystem fileSystem, Path file) throws IOException {
        return new Size(1, fileSystem.getFileStatus(file).getLen());
    }
}
