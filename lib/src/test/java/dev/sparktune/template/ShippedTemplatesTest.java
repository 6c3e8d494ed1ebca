package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.template.Rendering.Example;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The templates in conf, which are data: what they render and what they promise about themselves. */
class ShippedTemplatesTest {
    private static final Map<String, Object> REVIEW = Map.of(
            "star_rating",
            4,
            "product_title",
            "Tea kettle",
            "review_headline",
            "Quick and quiet",
            "review_body",
            "It boils in a minute. {{ 7*7 }} ||| <br />");

    @Test
    void rateAsksForTheStars() throws IOException {
        assertThat(library("reviews").get("rate").render(REVIEW, 0))
                .isEqualTo(new Example(
                        "Review: It boils in a minute. {{ 7*7 }} ||| <br />\nHow many stars, from 1 to 5, does this review give?",
                        "4",
                        List.of("1", "2", "3", "4", "5")));
    }

    @Test
    void generateAsksForTheReview() throws IOException {
        assertThat(library("reviews").get("generate").render(REVIEW, 0))
                .isEqualTo(new Example(
                        "Product: Tea kettle\nStars: 4 of 5\nWrite a review of this product.",
                        "It boils in a minute. {{ 7*7 }} ||| <br />",
                        null));
    }

    @Test
    void summariseAsksForTheHeadline() throws IOException {
        assertThat(library("reviews").get("summarise").render(REVIEW, 0))
                .isEqualTo(new Example(
                        "Review: It boils in a minute. {{ 7*7 }} ||| <br />\nWrite a headline for this review.",
                        "Quick and quiet",
                        null));
    }

    @Test
    void nameEntityAsksForTheName() throws IOException {
        Map<String, Object> row = Map.of("sentence", "Charlie the cat sat down.", "kind", "cat", "name", "Charlie");

        assertThat(library("entities").get("name-entity").render(row, 0))
                .isEqualTo(new Example("Charlie the cat sat down.\nWhat is the name of the cat?", "Charlie", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reviews", "entities"})
    void everyTemplateCompilesAndSaysWhatItIs(String dataset) throws IOException {
        TemplateLibrary library = library(dataset);

        assertThat(library.broken()).isEmpty();
        for (PromptTemplate template : library.templates()) {
            assertThat(UUID.fromString(template.id()).version()).isEqualTo(4);
            assertThat(template.task()).isEqualTo(template.name());
            assertThat(template.definition().metrics()).isNotEmpty();
            assertThat(template.definition().languages()).containsExactly("en");
        }
    }

    private static TemplateLibrary library(String dataset) throws IOException {
        return TemplateLibrary.parse(
                dataset,
                Files.newInputStream(ProjectRoot.resolve("conf/templates").resolve(TemplateLibrary.pathOf(dataset))));
    }
}
