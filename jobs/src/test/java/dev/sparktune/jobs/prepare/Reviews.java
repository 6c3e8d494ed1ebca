package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reviews and a template library for tests. */
final class Reviews {
    static final StructType SCHEMA = new StructType()
            .add("review_id", DataTypes.StringType)
            .add("customer_id", DataTypes.StringType)
            .add("star_rating", DataTypes.IntegerType)
            .add("review_headline", DataTypes.StringType)
            .add("review_body", DataTypes.StringType);

    private Reviews() {}

    static Row review(String id, String customer, Integer stars, String headline, String body) {
        return RowFactory.create(id, customer, stars, headline, body);
    }

    /** Good ones, ids R0, R1, …; two of three customers write once. */
    static List<Row> good(int number) {
        Random random = new Random(number);
        List<Row> reviews = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            reviews.add(review(
                    "R" + i,
                    "C" + random.nextInt(number),
                    1 + random.nextInt(5),
                    "Headline " + i,
                    "Body of review " + i + ", " + random.nextInt(1000)));
        }
        return reviews;
    }

    /** The rows as {@code parts} Parquet files, in an order of the seed. */
    static Path write(Path directory, List<Row> rows, int parts, long seed) {
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        LocalSpark.session()
                .createDataFrame(shuffled, SCHEMA)
                .repartition(parts)
                .write()
                .parquet(directory.toString());
        return directory;
    }

    /** A library of the data set {@code reviews} with the templates rate, summarise and loud. */
    static Path templates(Path library) throws IOException {
        Path directory = Files.createDirectories(library.resolve("reviews"));
        Files.writeString(directory.resolve("templates.yaml"), """
                dataset: reviews
                templates:
                  11111111-1111-1111-1111-111111111111: !Template
                    answer_choices: 1 ||| 2 ||| 3 ||| 4 ||| 5
                    id: 11111111-1111-1111-1111-111111111111
                    jinja: '{{review_body}} How many stars? ||| {{answer_choices[star_rating - 1]}}'
                    metadata: !TemplateMetadata {choices_in_prompt: true, metrics: [Accuracy], original_task: true}
                    name: rate
                    reference: ''
                  22222222-2222-2222-2222-222222222222: !Template
                    answer_choices: null
                    id: 22222222-2222-2222-2222-222222222222
                    jinja: '{{review_body}} In short: ||| {{review_headline}}'
                    metadata: !TemplateMetadata {choices_in_prompt: false, metrics: [ROUGE], original_task: false}
                    name: summarise
                    reference: ''
                """);
        return library;
    }
}
