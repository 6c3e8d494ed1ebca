package dev.sparktune.jobs.prepare;

import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * A table's rows for our own code to walk, as {@link Dataset#toJavaRDD} gives them. That one generates and compiles a conversion
 * for each table, and starts Scala's reflection for it, which takes a JVM most of a second; Spark's converters are there already.
 */
final class WalkedRows implements FlatMapFunction<Iterator<InternalRow>, Row> {
    private static final long serialVersionUID = 1;

    private final StructType schema;

    private WalkedRows(StructType schema) {
        this.schema = schema;
    }

    static JavaRDD<Row> of(Dataset<Row> table) {
        return table.queryExecution().toRdd().toJavaRDD().mapPartitions(new WalkedRows(table.schema()), true);
    }

    @Override
    public Iterator<Row> call(Iterator<InternalRow> rows) {
        Function1<Object, Object> converter = CatalystTypeConverters.createToScalaConverter(schema);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return (Row) converter.apply(rows.next());
            }
        };
    }
}
