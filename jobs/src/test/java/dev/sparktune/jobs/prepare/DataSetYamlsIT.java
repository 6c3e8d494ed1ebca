package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every YAML of a public data set, on a part of the real data. */
class DataSetYamlsIT {
    private static final int LIMIT = 400;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "amazon, data/amazon/parquet, parquet, 3",
        "amazon, data/amazon/microwave.tsv.gz, tsv, 3",
        "amazon-grocery, data/amazon-grocery, csv, 3",
        "womens-clothing, data/clothing, csv, 4",
        "imdb, data/imdb/imdb_labelled_50k.jsonl.gz, jsonl, 2",
        "alpaca, data/alpaca/alpaca_*.json, json, 1",
        "gpteacher, data/alpaca/gpteacher-*.json, json, 1"
    })
    void theAccountIsRight(String name, String path, String format, int templates) throws Exception {
        Path root = Shared.require("data");
        PreparedData data = prepare(name, root.getParent().resolve(path).toString(), format);
        accounts(data, templates);
    }

    /** The schema of 2023, made of reviews of 2015: there is no such file in shared/. */
    @Test
    void theSchemaOf2023IsRead() throws Exception {
        Path in = directory.resolve("in");
        LocalSpark.session()
                .read()
                .parquet(Shared.require("data/amazon/parquet")
                        .resolve("microwave.parquet")
                        .toString())
                .selectExpr(
                        "CAST(star_rating AS DOUBLE) rating",
                        "review_headline title",
                        "review_body text",
                        "array(named_struct('small_image_url', 'https://a.example/1.jpg')) images",
                        "product_id asin",
                        "product_parent parent_asin",
                        "customer_id user_id",
                        "unix_millis(CAST(review_date AS TIMESTAMP)) timestamp",
                        "helpful_votes helpful_vote",
                        "verified_purchase = 'Y' verified_purchase")
                .write()
                .option("compression", "gzip")
                .json(in.toString());
        PreparedData data = prepare("amazon-2023", in.toString(), "jsonl");

        accounts(data, 3);
        assertThat(data.examples("train")).extracting(Example::source).containsOnly("amazon_reviews_2023");
    }

    private PreparedData prepare(String name, String path, String format) throws Exception {
        return PreparedData.prepare(
                directory.resolve(name + "/data"),
                Files.readString(ProjectRoot.resolve("conf/" + name + ".yaml")),
                List.of("input.path=" + path, "input.format=" + format, "input.limit=" + LIMIT));
    }

    private static void accounts(PreparedData data, int templates) {
        Map<String, Long> counts = data.result().counts();
        long kept = counts.get("kept");
        assertThat(counts.get("rows")).isBetween((long) LIMIT, LIMIT + 5L); // repeated ids share the last hash
        assertThat(kept + counts.get("quarantined") + counts.getOrDefault("reserve", 0L))
                .isEqualTo(counts.get("rows"));
        assertThat(counts.get("examples") + counts.get("skipped_renderings")).isEqualTo(kept * templates);
        assertThat(kept).isGreaterThan(LIMIT * 9L / 10);
        assertThat(counts.get("examples")).isGreaterThan(kept * 8 / 10);
    }
}
