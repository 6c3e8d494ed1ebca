package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What every two splits have in common, found in the files as they were written: a check of the result, not of the plan.
 *
 * @param shared {@code train and test} → {@code id}, {@code group}, {@code example} → different values that lie in both. An example
 *     is a prompt with its completion, by one template of the
 *     task that wrote most text
 * @param near pairs of nearly the same texts that were found between two splits, before training rows left; null where they were
 *     not looked for
 */
record LeakReport(Map<String, Map<String, Long>> shared, SortedMap<String, Long> near) {
    /** In the order of their numbers. */
    private static final List<String> KINDS = List.of("id", "group", "example");

    private static final String KIND = "kind";
    private static final String HASH = "hash";

    static String pair(String split, String other) {
        return split + " and " + other;
    }

    /**
     * One exchange of hashes.
     *
     * @param template id of the one whose examples are compared
     */
    static LeakReport of(
            SparkSession spark, Path output, List<String> splits, String template, SortedMap<String, Long> near) {
        Dataset<Row> all = null;
        for (int split = 0; split < splits.size(); split++) {
            String directory = RenderedFiles.directory(ExampleForm.PROMPT_COMPLETION, splits.get(split));
            Column compared = col(ExampleSchema.TEMPLATE_ID).equalTo(template);
            Dataset<Row> hashes = spark.read()
                    .parquet(new Path(output, directory).toString())
                    .select(explode(array(
                                    entry(0, col(ExampleSchema.ID).isNotNull(), ExampleSchema.ID),
                                    entry(
                                            1,
                                            col(ExampleSchema.GROUP_ID)
                                                    .isNotNull()
                                                    .and(compared),
                                            ExampleSchema.GROUP_ID),
                                    entry(2, compared, ExampleSchema.PROMPT, ExampleSchema.COMPLETION)))
                            .as("entry"))
                    .where("entry.hash IS NOT NULL")
                    .select(
                            col("entry." + KIND),
                            col("entry." + HASH),
                            lit(1L << split).as("split"));
            all = all == null ? hashes : all.union(hashes);
        }
        Map<String, Map<String, Long>> shared = new LinkedHashMap<>();
        for (int a = 0; a < splits.size(); a++) {
            for (int b = a + 1; b < splits.size(); b++) {
                Map<String, Long> nothing = new LinkedHashMap<>();
                KINDS.forEach(kind -> nothing.put(kind, 0L));
                shared.put(pair(splits.get(a), splits.get(b)), nothing);
            }
        }
        List<Row> found = all.groupBy(KIND, HASH)
                .agg(expr("bit_or(split)").as("splits"))
                .where("bit_count(splits) > 1")
                .groupBy(KIND, "splits")
                .count()
                .collectAsList();
        for (Row row : found) {
            long in = row.getLong(1);
            for (int a = 0; a < splits.size(); a++) {
                for (int b = a + 1; b < splits.size(); b++) {
                    if ((in >> a & in >> b & 1) == 1) {
                        shared.get(pair(splits.get(a), splits.get(b)))
                                .merge(KINDS.get(row.getInt(0)), row.getLong(2), Long::sum);
                    }
                }
            }
        }
        return new LeakReport(shared, near);
    }

    private static Column entry(int kind, Column counts, String... columns) {
        Column[] values = Stream.of(columns).map(name -> col(name)).toArray(Column[]::new);
        return struct(lit(kind).as(KIND), when(counts, xxhash64(values)).as(HASH));
    }
}
