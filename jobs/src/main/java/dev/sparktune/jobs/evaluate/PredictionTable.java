package dev.sparktune.jobs.evaluate;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Predictions as Parquet: one row an example, task and number of shots. */
final class PredictionTable {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("task", DataTypes.StringType)
            .add("template", DataTypes.StringType)
            .add("shots", DataTypes.IntegerType)
            .add("shot_ids", DataTypes.createArrayType(DataTypes.StringType))
            .add("prompt", DataTypes.StringType)
            .add("choices", DataTypes.createArrayType(DataTypes.StringType))
            .add("choice_scores", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("label", DataTypes.StringType)
            .add("prediction", DataTypes.StringType)
            .add("correct", DataTypes.BooleanType)
            .add("rouge_l", DataTypes.DoubleType)
            .add("nll", DataTypes.DoubleType)
            .add("target_tokens", DataTypes.IntegerType)
            .add("prompt_tokens", DataTypes.IntegerType)
            .add("finish_reason", DataTypes.StringType)
            .add("set_aside", DataTypes.StringType);

    /** The rows travel inside Spark's tasks, which should stay below a megabyte. */
    private static final int ROWS_PER_FILE = 1_000;

    private PredictionTable() {}

    static void write(SparkSession spark, List<Prediction> predictions, String directory) {
        List<Row> rows = predictions.stream().map(PredictionTable::row).toList();
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        spark.createDataFrame(context.parallelize(rows, 1 + rows.size() / ROWS_PER_FILE), SCHEMA)
                .write()
                .mode(SaveMode.Overwrite)
                // a _SUCCESS file would keep Hugging Face's datasets from loading the directory
                .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .parquet(directory);
    }

    static List<Prediction> read(SparkSession spark, String directory) {
        return predictions(spark.read().schema(SCHEMA).parquet(directory));
    }

    /** Gathers rows that {@link #row} made, in their order. */
    static List<Prediction> collect(SparkSession spark, JavaRDD<Row> rows) {
        return predictions(spark.createDataFrame(rows, SCHEMA));
    }

    private static List<Prediction> predictions(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(PredictionTable::prediction).toList();
    }

    /** Without the schema. */
    static Row row(Prediction p) {
        return RowFactory.create(
                p.id(),
                p.task(),
                p.template(),
                p.shots(),
                array(p.shotIds()),
                p.prompt(),
                array(p.choices()),
                array(p.choiceScores()),
                p.label(),
                p.prediction(),
                p.correct(),
                p.rougeL(),
                p.nll(),
                p.targetTokens(),
                p.promptTokens(),
                p.finishReason(),
                p.setAside());
    }

    private static Object[] array(List<?> values) {
        return values == null ? null : values.toArray();
    }

    private static Prediction prediction(Row row) {
        return new Prediction(
                row.getAs("id"),
                row.getAs("task"),
                row.getAs("template"),
                row.<Integer>getAs("shots"),
                list(row, "shot_ids"),
                row.getAs("prompt"),
                list(row, "choices"),
                list(row, "choice_scores"),
                row.getAs("label"),
                row.getAs("prediction"),
                row.getAs("correct"),
                row.getAs("rouge_l"),
                row.getAs("nll"),
                row.<Integer>getAs("target_tokens"),
                row.<Integer>getAs("prompt_tokens"),
                row.getAs("finish_reason"),
                row.getAs("set_aside"));
    }

    private static <T> List<T> list(Row row, String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? null : row.getList(index);
    }
}
