package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationReportTest {
    private static final String HOSTILE = "</pre></script><script>alert(1)</script> <b>hair</b> dryer";

    @TempDir
    Path directory;

    @Test
    void thePageHasTheManifestsFigures() throws Exception {
        PreparedData data = prepare("clean.steps=[html]", "split.sizes={test: 30}");
        JsonNode manifest = new ObjectMapper().readTree(data.text("manifest.json"));
        String page = text(data.text("report.html"));

        JsonNode rows = manifest.get("rows");
        assertThat(page)
                .contains("Of 403 rows " + rows.get("kept").asText() + " are kept, 2 in quarantine and "
                        + rows.get("reserve").asText() + " in reserve");
        assertThat(rows.get("reserve").asLong()).isPositive();
        for (String split : List.of("train", "validation", "test")) {
            JsonNode counts = manifest.at("/splits/" + split);
            assertThat(page)
                    .containsPattern(split + " \\d+ % " + counts.get("rows").asText() + " "
                            + counts.get("reserve").asText() + " "
                            + counts.get("examples").asText() + " 1 ");
        }
        assertThat(manifest.at("/splits/test/rows").asLong()).isEqualTo(30);
        for (String stars : List.of("1", "2", "3", "4", "5")) {
            assertThat(page)
                    .as("stratum " + stars)
                    .containsPattern(stars + " " + stratum(manifest, "train", stars) + "( [+−][0-9.]+ %)? "
                            + stratum(manifest, "validation", stars) + "( [+−][0-9.]+ %)? "
                            + stratum(manifest, "test", stars));
        }
        assertThat(page)
                .contains("reason rows review_body is empty 2")
                .contains("step rows changed html 1")
                .contains("rate rate " + manifest.at("/templates/0/examples").asText())
                .contains("summarise summarise "
                        + manifest.at("/templates/1/examples").asText() + " 1 1 the target is empty")
                .contains("Examples in train task examples rate "
                        + manifest.at("/splits/train/tasks/rate").asText() + " summarise "
                        + manifest.at("/splits/train/tasks/summarise").asText())
                .contains("train and test 0 0 "
                        + manifest.at("/leaks/shared/train and test/example").asText())
                .contains("longest rate "
                        + manifest.at("/lengths/characters/rate/examples").asText())
                .contains("split.stratify [&quot;star_rating&quot;]");
        assertThat(data.result().summary()).endsWith("\nreport: " + directory.resolve("out") + "/data/report.html");
        assertThat(manifest.at("/balance/max").asDouble())
                .as("what is in reserve has not missed its split")
                .isLessThan(0.5);
    }

    @Test
    void examplesOfEachTaskAreShownAsText() throws Exception {
        PreparedData data = prepare("input.columns={review_id: review_id, star_rating: star_rating, review_headline:"
                + " review_headline, review_body: \"concat(review_body, '" + HOSTILE
                + "')\", customer_id: customer_id}");
        String page = data.text("report.html");

        assertThat(page.split("<article>", -1)).hasSize(1 + 2 + 2);
        String first = data.examples("train").stream()
                .filter(example -> example.task().equals("rate"))
                .findFirst()
                .orElseThrow()
                .prompt();
        assertThat(page).contains("<pre>" + escaped(first) + "</pre>").doesNotContain("<script>alert(1)");
    }

    @Test
    void withPrivacyNoTextOfARowIsInThePage() throws Exception {
        PreparedData data = prepare("privacy.examples=false");
        assertThat(data.text("report.html"))
                .contains("No text is shown: privacy.examples is false.")
                .doesNotContain("<article>")
                .doesNotContain("Body of review");
    }

    private static String stratum(JsonNode manifest, String split, String stratum) {
        return manifest.at("/splits/" + split + "/strata/" + stratum).asText("0");
    }

    private PreparedData prepare(String... sets) throws Exception {
        List<Row> rows = Reviews.good(400);
        rows.add(Reviews.review("E1", "C1", 5, "empty", ""));
        rows.add(Reviews.review("E2", "C2", 5, "blank", " "));
        rows.add(Reviews.review("S1", "C6", 4, "", "No headline <br> to write"));
        return PreparedData.prepare(
                directory.resolve("out/data"),
                """
                input: {path: %s, source: tests}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews}
                split: {stratify: [star_rating], group: customer_id}
                """.formatted(
                                Reviews.write(directory.resolve("in"), rows, 1, 1),
                                Reviews.templates(directory.resolve("library"))),
                List.of(sets));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String text(String page) {
        return page.replaceAll("(?s)<(script|style).*?</\\1>", "")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }
}
