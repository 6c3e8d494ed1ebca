package dev.sparktune.jobs;

import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SynthesizeSettings;
import dev.sparktune.synthetic.Review;
import dev.sparktune.synthetic.SyntheticEntities;
import dev.sparktune.synthetic.SyntheticReviews;
import dev.sparktune.synthetic.SyntheticText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Makes a table up: OUTPUT/KIND/parquet, where KIND is {@code reviews}, {@code text} or {@code entities}. Rows depend on
 * the seed and their index alone, and files hold a fixed number of rows: any cluster makes the same ones.
 */
public final class SynthesizeJob {
    private static final long ROWS_PER_FILE = 10_000;

    private static final StructType REVIEWS = StructType.fromDDL("marketplace STRING, customer_id STRING,"
            + " review_id STRING, product_id STRING, product_parent STRING, product_title STRING,"
            + " product_category STRING, star_rating INT, helpful_votes INT, total_votes INT, vine STRING,"
            + " verified_purchase STRING, review_headline STRING, review_body STRING, review_date STRING");
    private static final StructType TEXT = StructType.fromDDL("id STRING, kind STRING, text STRING");
    private static final StructType ENTITIES =
            StructType.fromDDL("id STRING, sentence STRING, kind STRING, name STRING");

    private SynthesizeJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        Job job = new Job(
                "synthesize",
                "Makes up reviews, text to pretrain on, or sentences with entities to name.",
                Set.of("output", "synthesize"),
                false,
                false,
                settings -> settings.output() + "/" + settings.synthesize().kind(),
                settings -> List.of(),
                settings -> {});
        JobMain.run(job, args, SynthesizeJob::run);
    }

    static JobResult run(JobContext job) throws Exception {
        Settings settings = job.settings();
        SynthesizeSettings wanted = settings.synthesize();
        Table table = table(wanted.kind(), wanted.seed());
        Path parquet = new Path(job.output(), "parquet");
        job.stage("make " + wanted.rows() + " rows of " + wanted.kind(), () -> {
            int files = Math.toIntExact((wanted.rows() + ROWS_PER_FILE - 1) / ROWS_PER_FILE);
            job.spark()
                    .range(0, wanted.rows(), 1, files)
                    .map(table.row(), Encoders.row(table.schema()))
                    .write()
                    .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", false)
                    .parquet(parquet.toString());
            return files;
        });
        return new JobResult(Map.of("rows", wanted.rows()), Map.of(), "");
    }

    private record Table(StructType schema, MapFunction<Long, Row> row) {}

    private static Table table(String kind, long seed) {
        return switch (kind) {
            case "reviews" -> new Table(REVIEWS, index -> row(new SyntheticReviews(seed).row(index)));
            case "text" -> new Table(TEXT, index -> row(new SyntheticText(seed).row(index)));
            case "entities" -> new Table(ENTITIES, index -> row(new SyntheticEntities(seed).row(index)));
            default -> throw new IllegalArgumentException("synthesize.kind: no such kind: " + kind);
        };
    }

    private static Row row(Review review) {
        return RowFactory.create(
                review.marketplace(),
                review.customerId(),
                review.reviewId(),
                review.productId(),
                review.productParent(),
                review.productTitle(),
                review.productCategory(),
                review.starRating(),
                review.helpfulVotes(),
                review.totalVotes(),
                review.vine(),
                review.verifiedPurchase(),
                review.reviewHeadline(),
                review.reviewBody(),
                review.reviewDate().toString());
    }

    private static Row row(SyntheticText.Document document) {
        return RowFactory.create(document.id(), document.kind(), document.text());
    }

    private static Row row(SyntheticEntities.NamedEntity entity) {
        return RowFactory.create(entity.id(), entity.sentence(), entity.kind(), entity.name());
    }
}
