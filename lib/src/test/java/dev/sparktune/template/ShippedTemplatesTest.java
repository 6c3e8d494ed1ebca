package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.synthetic.Review;
import dev.sparktune.synthetic.SyntheticArithmetic;
import dev.sparktune.synthetic.SyntheticEntities;
import dev.sparktune.synthetic.SyntheticMoods;
import dev.sparktune.synthetic.SyntheticQuestions;
import dev.sparktune.synthetic.SyntheticReviews;
import dev.sparktune.synthetic.SyntheticWords;
import dev.sparktune.template.Rendering.Example;
import dev.sparktune.template.Rendering.Reason;
import dev.sparktune.template.Rendering.Skipped;
import dev.sparktune.template.TemplateLint.Sample;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The templates in conf, which are data: what they render and what they promise about themselves. */
class ShippedTemplatesTest {
    private static final int ROWS = 400;

    private static final Map<String, Object> REVIEW = Map.of(
            "star_rating",
            4,
            "product_title",
            "Tea kettle",
            "product_category",
            "home_kitchen",
            "review_headline",
            "Quick and quiet",
            "review_body",
            "It boils in a minute. {{ 7*7 }} ||| <br />",
            "helpful_votes",
            3,
            "total_votes",
            4,
            "other_review_body",
            "It leaks.",
            "other_star_rating",
            2);

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

    /** The ids by which data sets refer to templates stay what they are. */
    @ParameterizedTest
    @CsvSource({
        "reviews, rate, rate, c0cfcdc0-cc73-4694-beef-95c58b53fce5",
        "reviews, generate, generate, 6244a0ba-da41-44a4-8751-42517e3e1d0a",
        "reviews, summarise, summarise, f873481a-9f6d-4678-aa82-ff1f9027f02d",
        "entities, name-entity, name-entity, fa01effc-e3b5-43eb-8b4c-7755d269a3a3",
    })
    void whatOlderDataRefersToStays(String dataset, String name, String task, String id) throws IOException {
        PromptTemplate template = library(dataset).get(name);

        assertThat(template.id()).isEqualTo(id);
        assertThat(template.task()).isEqualTo(task);
    }

    /** One answer of each task about {@link #REVIEW}. */
    @ParameterizedTest
    @CsvSource({
        "rate-guess, 4",
        "sentiment, positive",
        "sentiment-buyer, positive",
        "title, Quick and quiet",
        "product, Tea kettle",
        "helpfulness, yes",
        "helpfulness-judge, yes",
        "helpfulness-product, yes",
        "category, Home kitchen",
        "compare, first",
        "compare-stars, first",
        "compare-happier, first",
    })
    void aReviewIsAnswered(String name, String answer) throws IOException {
        assertThat(library("reviews").get(name).render(REVIEW, 0))
                .isInstanceOfSatisfying(Example.class, example -> assertThat(example.completionTarget())
                        .isEqualTo(answer));
    }

    @Test
    void whatHasNoHonestAnswerIsSkipped() throws IOException {
        TemplateLibrary reviews = library("reviews");

        for (String name : List.of("sentiment", "sentiment-buyer", "sentiment-label")) {
            assertThat(reviews.get(name).render(with("star_rating", 3), 0)).isEqualTo(new Skipped(Reason.EMPTY_TARGET));
        }
        for (String name : List.of("helpfulness", "helpfulness-judge", "helpfulness-product")) {
            assertThat(reviews.get(name).render(with("helpful_votes", 2), 0))
                    .isEqualTo(new Skipped(Reason.EMPTY_TARGET));
            assertThat(reviews.get(name).render(with("total_votes", 2), 0)).isEqualTo(new Skipped(Reason.EMPTY_TARGET));
        }
        for (String name : List.of("compare", "compare-stars", "compare-happier")) {
            assertThat(reviews.get(name).render(with("other_star_rating", 4), 0))
                    .isEqualTo(new Skipped(Reason.EMPTY_TARGET));
            Map<String, Object> alone = new HashMap<>(REVIEW);
            alone.keySet().removeAll(List.of("other_review_body", "other_star_rating"));
            assertThat(reviews.get(name).render(alone, 0)).isEqualTo(new Skipped(Reason.FEWER_THAN_TWO_PARTS));
        }
        for (Object stars : Arrays.asList(0, 6, 4.5, "4", null)) {
            assertThat(reviews.get("rate").render(with("star_rating", stars), 0))
                    .as("%s stars", stars)
                    .isEqualTo(new Skipped(Reason.EMPTY_TARGET));
        }
        assertThat(reviews.get("reason").render(with("review_body", "Nice."), 0))
                .isEqualTo(new Skipped(Reason.EMPTY_TARGET));
    }

    @Test
    void aReviewWithoutStarsCanStillBeAsked() throws IOException {
        Map<String, Object> unrated = Map.of("review_body", "It leaks.");

        for (String name : List.of("rate", "sentiment", "summarise", "product", "helpfulness", "category")) {
            assertThat(library("reviews").get(name).prompt(unrated, 0)).as(name).contains("It leaks.");
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyTemplateMakesExamplesAndNoneFailsOrMissesItsChoices(String dataset, List<Map<String, Object>> rows)
            throws IOException {
        for (PromptTemplate template : library(dataset).select(List.of())) {
            List<Rendering> renderings = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                renderings.add(template.render(rows.get(row), row));
            }
            assertThat(renderings).as(template.name()).doesNotContain(new Skipped(Reason.TARGET_NOT_A_CHOICE));
            assertThat(renderings)
                    .as(template.name())
                    .filteredOn(Example.class::isInstance)
                    .hasSizeGreaterThan(ROWS / 40);
            assertThat(texts(renderings))
                    .as(template.name())
                    .noneMatch(text -> text.contains("None") || text.contains("{%") && !text.contains("{% if true %}"));
        }
    }

    /** Whatever a row lacks: it is skipped, or asked without it, but nothing is made up. */
    @ParameterizedTest
    @MethodSource("tables")
    void whatARowLacksIsNeverRendered(String dataset, List<Map<String, Object>> rows) throws IOException {
        for (PromptTemplate template : library(dataset).select(List.of())) {
            Map<String, Object> whole = rows.stream()
                    .filter(row -> template.render(row, 0) instanceof Example)
                    .findFirst()
                    .orElseThrow();
            for (String column : template.fields().keySet()) {
                for (Object lacking : Arrays.asList(null, "", "  ")) {
                    Map<String, Object> row = new LinkedHashMap<>(whole);
                    row.put(column, lacking);
                    assertThat(template.render(row, 0))
                            .as(template.name() + " without " + column)
                            .isInstanceOf(Skipped.class);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theLibraryIsFreeOfFindings(String dataset, List<Map<String, Object>> rows) throws IOException {
        String yaml = Files.readString(file(dataset));

        assertThat(TemplateLint.check(dataset, yaml, new Sample(rows.get(0).keySet(), rows)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyTaskHasThreePhrasingsAndEveryTemplateSaysWhatItIs(String dataset, List<Map<String, Object>> rows)
            throws IOException {
        TemplateLibrary library = library(dataset);

        for (PromptTemplate template : library.templates()) {
            assertThat(UUID.fromString(template.id()).version()).isEqualTo(4);
            assertThat(template.name()).startsWith(template.definition().task());
            assertThat(template.definition().metrics()).isNotEmpty();
            assertThat(template.definition().languages()).containsExactly("en");
            if (Boolean.TRUE.equals(template.definition().choicesInPrompt())) {
                Example example = rows.stream()
                        .map(row -> template.render(row, 0))
                        .filter(Example.class::isInstance)
                        .map(Example.class::cast)
                        .findFirst()
                        .orElseThrow();
                assertThat(example.answerChoices()).as(template.name()).hasSizeGreaterThan(1);
            }
        }
        assertThat(library.templates().stream()
                        .collect(Collectors.groupingBy(PromptTemplate::task, Collectors.counting()))
                        .values())
                .allMatch(phrasings -> phrasings >= 3);
    }

    /** Measured together, they then have classes, and so macro-F1 and a matrix. */
    @ParameterizedTest
    @MethodSource("tables")
    void thePhrasingsOfATaskShareTheirChoices(String dataset, List<Map<String, Object>> rows) throws IOException {
        Map<String, Set<String>> choices = library(dataset).templates().stream()
                .collect(Collectors.groupingBy(
                        PromptTemplate::task,
                        Collectors.mapping(
                                template -> String.valueOf(template.definition().answerChoices()),
                                Collectors.toSet())));

        assertThat(choices)
                .allSatisfy((task, ofTask) -> assertThat(ofTask).as(task).hasSize(1));
    }

    @Test
    void thereAreTenTasksOverReviews() throws IOException {
        assertThat(library("reviews").templates().stream()
                        .map(PromptTemplate::task)
                        .distinct())
                .containsExactlyInAnyOrder(
                        "rate",
                        "sentiment",
                        "summarise",
                        "title",
                        "generate",
                        "product",
                        "helpfulness",
                        "category",
                        "reason",
                        "compare");
    }

    /** Made-up tables for the data sets that have one. */
    static Stream<Arguments> tables() {
        return Stream.of(
                table("reviews", ShippedTemplatesTest::pair),
                table("entities", new SyntheticEntities(42)::row),
                table("arithmetic", new SyntheticArithmetic(42)::row),
                table("words", new SyntheticWords(42)::row),
                table("questions", new SyntheticQuestions(42)::row),
                table("moods", new SyntheticMoods(42)::row));
    }

    private static Arguments table(String dataset, LongFunction<?> rows) {
        return Arguments.of(
                dataset,
                LongStream.range(0, ROWS)
                        .mapToObj(rows)
                        .map(ShippedTemplatesTest::columns)
                        .toList());
    }

    /** A review, and the next one as the other. */
    private record Pair(Review review, Review other) {}

    private static Pair pair(long index) {
        SyntheticReviews reviews = new SyntheticReviews(42);
        return new Pair(reviews.row(index), reviews.row(index + 1));
    }

    /** A record as a row of a table: the component starRating is the column star_rating. */
    private static Map<String, Object> columns(Object row) {
        Map<String, Object> columns = new LinkedHashMap<>();
        if (row instanceof Pair pair) {
            columns.putAll(columns(pair.review()));
            columns.put("other_review_body", pair.other().reviewBody());
            columns.put("other_star_rating", pair.other().starRating());
            return columns;
        }
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(row);
                columns.put(
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                        value instanceof Integer ? value : value.toString());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return columns;
    }

    private static List<String> texts(List<Rendering> renderings) {
        return renderings.stream()
                .filter(Example.class::isInstance)
                .map(Example.class::cast)
                .flatMap(example -> Stream.of(example.prompt(), example.completionTarget()))
                .toList();
    }

    private static Map<String, Object> with(String column, Object value) {
        Map<String, Object> row = new HashMap<>(REVIEW);
        row.put(column, value);
        return row;
    }

    private static Path file(String dataset) {
        return ProjectRoot.resolve("conf/templates").resolve(TemplateLibrary.pathOf(dataset));
    }

    private static TemplateLibrary library(String dataset) throws IOException {
        return TemplateLibrary.parse(dataset, Files.readString(file(dataset)));
    }
}
