package dev.sparktune.jobs.input;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A small table beside the input, in the format that its name says. */
public final class ListedTable {
    private ListedTable() {}

    /** CSV and TSV have a header; a name that says nothing is Parquet. Every value of CSV is a text: ids keep their zeros. */
    public static Dataset<Row> open(SparkSession spark, String uri) {
        InputFormat format = InputFormat.ofFile(uri);
        return spark.read()
                .format(format.sparkName())
                .options(format.options(Map.of("header", "true", "mode", "FAILFAST")))
                .load(uri);
    }
}
