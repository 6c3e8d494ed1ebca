package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.synthetic.SyntheticReviews;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthesizeJobTest {
    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path root;

    @Test
    void reviewsHaveTheColumnsOfTheAmazonSetsInTheOrderOfTheirIndex() throws Exception {
        Dataset<Row> reviews = synthesize("reviews", 12_000);

        assertThat(reviews.schema().simpleString())
                .isEqualTo("struct<marketplace:string,customer_id:string,review_id:string,product_id:string,"
                        + "product_parent:string,product_title:string,product_category:string,star_rating:int,"
                        + "helpful_votes:int,total_votes:int,vine:string,verified_purchase:string,"
                        + "review_headline:string,review_body:string,review_date:string>");
        assertThat(reviews.count()).isEqualTo(12_000);
        String id = new SyntheticReviews(42).row(11_000).reviewId();
        assertThat(reviews.where("review_id = '" + id + "'").count()).isEqualTo(1);
        assertThat(reviews.where("to_date(review_date) is null or helpful_votes > total_votes")
                        .count())
                .isZero();
    }

    @Test
    void textAndEntitiesHaveTheirColumns() throws Exception {
        assertThat(synthesize("text", 20).columns()).containsExactly("id", "kind", "text");
        assertThat(synthesize("entities", 20).columns()).containsExactly("id", "sentence", "kind", "name");
    }

    @Test
    void theGeneralTasksHaveTheColumnsOfTheirTemplates() throws Exception {
        assertThat(synthesize("arithmetic", 20).columns())
                .containsExactly("id", "first", "operator", "second", "result");
        assertThat(synthesize("words", 20).columns()).containsExactly("id", "words", "position");
        assertThat(synthesize("questions", 20).columns()).containsExactly("id", "sentence", "question", "answer");
        assertThat(synthesize("moods", 20).columns()).containsExactly("id", "sentence", "mood");
    }

    @Test
    void onlyParquetFilesAreWritten() throws Exception {
        synthesize("entities", 5);

        try (var files = Files.list(root.resolve("entities/parquet"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.startsWith("."))
                    .hasSize(1)
                    .allMatch(name -> name.endsWith(".parquet"));
        }
    }

    private Dataset<Row> synthesize(String kind, long rows) throws Exception {
        Settings settings = Settings.read(
                "test.yaml",
                "output: unused",
                List.of("synthesize.kind=" + kind, "synthesize.rows=" + rows),
                Set.of("output", "synthesize"));
        Path output = root.resolve(kind);
        SynthesizeJob.run(new JobContext(
                "synthesize",
                spark,
                settings,
                new Locations(spark.sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(output.toUri()),
                false));
        return spark.read().parquet(output.resolve("parquet").toString());
    }
}
