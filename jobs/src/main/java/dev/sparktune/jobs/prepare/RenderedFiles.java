package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import dev.sparktune.example.ExampleSchema;
import dev.sparktune.example.ExampleWriter;
import dev.sparktune.split.SplitFractions;
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
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The table rendered and written: one exchange deals the rows to partitions by the hash of their id; within a partition
 * they are sorted, rendered, sorted into the seeded order of the files, and written.
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

    static final String EXAMPLES = "prompt_completion";
    static final String QUARANTINE = "__quarantine";

    private static final String STAGING = "__staging";
    /** About 128 MB of examples of a few hundred compressed bytes each. The data alone decide, not the cluster: the same rows, the same files. */
    private static final long EXAMPLES_PER_FILE = 1 << 18;

    /** Removes what a run that was cut off may have left in {@code output}. */
    static void clear(FileSystem fileSystem, Path output) throws IOException {
        for (String directory : List.of(EXAMPLES, QUARANTINE, STAGING)) {
            fileSystem.delete(new Path(output, directory), true);
        }
    }

    static RenderedFiles write(
            InputTable table,
            SplitPlan plan,
            RecordRenderer renderer,
            int templates,
            FileSystem fileSystem,
            Path output)
            throws IOException {
        SplitFractions splits = plan.map().fractions();
        Configuration hadoop = table.rows().sparkSession().sessionState().newHadoopConf();
        Path staging = new Path(output, STAGING);
        int partitions = Math.toIntExact(1 + plan.good() * templates / EXAMPLES_PER_FILE);
        List<PartReport> reports = rendered(table, renderer, partitions)
                .toJavaRDD()
                .mapPartitionsWithIndex(
                        new PartWriter(new SerializableConfiguration(hadoop), staging.toString(), splits.size()), true)
                .collect();
        Tally tally = new Tally();
        Map<String, Size> files = new TreeMap<>();
        for (PartReport report : reports) {
            tally.addAll(report.tally());
            for (Map.Entry<Integer, String> staged : report.files().entrySet()) {
                String directory =
                        staged.getKey() == splits.size() ? QUARANTINE : EXAMPLES + "/" + splits.name(staged.getKey());
                Path to = new Path(output, directory + "/" + fileName(files, directory));
                fileSystem.mkdirs(to.getParent());
                if (!fileSystem.rename(new Path(staged.getValue()), to)) {
                    throw new IOException("cannot rename " + staged.getValue() + " to " + to);
                }
                files.merge(directory, sizeOf(fileSystem, to), Size::and);
            }
        }
        fileSystem.delete(staging, true);
        for (String split : splits.names()) {
            String directory = EXAMPLES + "/" + split;
            if (!files.containsKey(directory)) {
                // A split that no row fell into has its file all the same, so that readers find the columns.
                Path empty = new Path(output, directory + "/" + fileName(files, directory));
                new ExampleWriter(hadoop, empty).close();
                files.put(directory, sizeOf(fileSystem, empty));
            }
        }
        return new RenderedFiles(files, tally);
    }

    /** In the order of the files; never materialised. */
    static Dataset<Row> rendered(InputTable table, RecordRenderer renderer, int partitions) {
        return table.rows()
                .repartition(partitions, col(InputTable.HASH))
                .sortWithinPartitions(sameOrderWhateverTheInput(table))
                .mapPartitions(renderer, Encoders.row(RenderedRow.SCHEMA))
                .sortWithinPartitions(
                        RenderedRow.FILE,
                        RenderedRow.ORDER,
                        ExampleSchema.ID,
                        ExampleSchema.TEMPLATE_ID,
                        RenderedRow.JSON);
    }

    /** Rows of one id side by side, ordered by all that is in them: equal ones are alike, so it is no matter which is kept. */
    private static Column[] sameOrderWhateverTheInput(InputTable table) {
        List<Column> order = new ArrayList<>(List.of(col(InputTable.HASH), col(InputTable.ID)));
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

    /** The next one's in a directory. */
    private static String fileName(Map<String, Size> files, String directory) {
        return String.format(
                "part-%05d.parquet",
                files.containsKey(directory) ? files.get(directory).files() : 0);
    }

    private static Size sizeOf(FileSystem fileSystem, Path file) throws IOException {
        return new Size(1, fileSystem.getFileStatus(file).getLen());
    }
}
