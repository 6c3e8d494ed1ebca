package dev.sparktune.jobs;

import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SynthesizeSettings;
import dev.sparktune.synthetic.Review;
import dev.sparktune.synthetic.SyntheticArithmetic;
import dev.sparktune.synthetic.SyntheticEntities;
import dev.sparktune.synthetic.SyntheticMoods;
import dev.sparktune.synthetic.SyntheticQuestions;
import dev.sparktune.synthetic.SyntheticReviews;
import dev.sparktune.synthetic.SyntheticText;
import dev.sparktune.synthetic.SyntheticWords;
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
 * Makes a table up: OUTPUT/KIND/parquet, where KIND is {@code reviews}, {@code text} or one of the general tasks. Rows depend on
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
    private static final StructType ARITHMETIC =
            StructType.fromDDL("id STRING, first INT, operator STRING, second INT, result INT");
    private static final StructType WORDS = StructType.fromDDL("id STRING, words STRING, position INT");
    private static final StructType QUESTIONS =
            StructType.fromDDL("id STRING, sentence STRING, question STRING, answer STRING");
    private static final StructType MOODS = StructType.fromDDL("id STRING, sentence STRING, mood STRING");

    private SynthesizeJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        Job job = new Job(
                "synthesize",
                "Makes up reviews, text to pretrain on, or rows of a general task.",
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
            case "arithmetic" -> new Table(ARITHMETIC, index -> row(new SyntheticArithmetic(seed).row(index)));
            case "words" -> new Table(WORDS, index -> row(new SyntheticWords(seed).row(index)));
            case "questions" -> new Table(QUESTIONS, index -> row(new SyntheticQuestions(seed).row(index)));
            case "moods" -> new Table(MOODS, index -> row(new SyntheticMoods(seed).row(index)));
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

    private static Row row(SyntheticArithmetic.Sum sum) {
        return RowFactory.create(sum.id(), sum.first(), sum.operator(), sum.second(), sum.result());
    }

    private static Row row(SyntheticWords.WordList list) {
        return RowFactory.create(list.id(), list.words(), list.position());
    }

    private static Row row(SyntheticQuestions.Question question) {
        return RowFactory.create(question.id(), question.sentence(), question.question(), question.answer());
    }

    private static Row row(SyntheticMoods.Mood mood) {
        return RowFactory.create(mood.id(), mood.sentence(), mood.mood());
    }
}
