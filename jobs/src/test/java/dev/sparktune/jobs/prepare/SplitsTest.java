package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes where: sizes, strata, what is there twice, and that a row stays where it is. */
class SplitsTest {
    private static final List<String> SPLITS = List.of("train", "validation", "test");

    @TempDir
    Path directory;

    private Path library;

    @BeforeEach
    void writeTemplates() throws Exception {
        library = Reviews.templates(directory.resolve("library"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whateverTheOrderAndPartsARowKeepsItsSplitAsTheTableGrows(long seed) throws Exception {
        List<Row> rows = Reviews.good(300 + (int) seed);
        String settings = "split.sizes={validation: 20, test: 25}";
        PreparedData before = prepare(
                "before", Reviews.write(directory.resolve("in"), rows, 1, seed), "split.salt=s" + seed, settings);
        PreparedData dealt = prepare(
                "dealt",
                Reviews.write(directory.resolve("dealt-in"), rows, 5, seed + 10),
                "split.salt=s" + seed,
                settings);
        assertThat(splitOfIds(dealt)).isEqualTo(splitOfIds(before));

        for (int i = 0; i < 120; i++) {
            rows.add(Reviews.review("NEW" + i, "C" + i, 1 + i % 5, "h", "new " + i));
        }
        PreparedData after = prepare(
                "after",
                Reviews.write(directory.resolve("grown"), rows, 2, seed + 20),
                "split.salt=s" + seed,
                settings,
                "split.map=" + before.root().resolve("manifest.json"));
        assertThat(splitOfIds(after)).containsAllEntriesOf(splitOfIds(before));
        assertThat(splitOfIds(after)).hasSizeGreaterThan(splitOfIds(before).size());
    }

    @Test
    void anEvaluationSplitCanHaveAnExactSize() throws Exception {
        List<Row> rows = Reviews.good(1_000);
        rows.add(Reviews.review("AGAIN", "C1", 5, "Headline", "Body of review 1, 1"));
        PreparedData data =
                prepare("out", Reviews.write(directory.resolve("in"), rows, 3, 1), "split.sizes={test: 50}");

        assertThat(ids(data, "test")).hasSize(50);
        Map<String, Long> counts = data.result().counts();
        assertThat(counts.get("rows")).isEqualTo(1_001);
        assertThat(counts.get("kept") + counts.get("quarantined") + counts.get("reserve"))
                .isEqualTo(1_001);
        assertThat(counts.get("reserve")).isBetween(30L, 70L);
        assertThat(counts.get("examples") + counts.get("skipped_renderings")).isEqualTo(2 * counts.get("kept"));
        assertThat(json(data).at("/splits/test/reserve").asLong()).isEqualTo(counts.get("reserve"));
        Map<String, Long> strata = data.examples("test").stream()
                .filter(example -> example.task().equals("rate"))
                .collect(Collectors.groupingBy(Example::stratum, Collectors.counting()));
        assertThat(strata.values())
                .allSatisfy(rowsOfStratum -> assertThat(rowsOfStratum).isBetween(8L, 12L));

        assertThatThrownBy(() -> prepare("more", directory.resolve("in"), "split.sizes={test: 500}"))
                .isInstanceOf(JobFailure.class)
                .hasMessageMatching(
                        "split.sizes: split 'test' shall hold 500 records, but its share of the data has \\d+"
                                + ": give it a larger fraction or a smaller size");
    }

    @Test
    void aNumberIsStratifiedByItsQuantiles() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            // Half of them 1: the first two of four parts are one.
            rows.add(Reviews.review("R" + i, null, i % 2 == 0 ? 1 : 1 + i % 5, "h", "text " + i));
        }
        PreparedData data =
                prepare("out", Reviews.write(directory.resolve("in"), rows, 2, 1), "split.quantiles={star_rating: 4}");
        JsonNode manifest = json(data);
        assertThat(manifest.at("/quantiles/star_rating").toString()).isEqualTo("[1.0,3.0]");
        Map<String, Long> strata = new TreeMap<>();
        for (String split : SPLITS) {
            manifest.at("/splits/" + split + "/strata")
                    .fields()
                    .forEachRemaining(stratum ->
                            strata.merge(stratum.getKey(), stratum.getValue().asLong(), Long::sum));
        }
        assertThat(strata).isEqualTo(Map.of("q1", 360L, "q2", 120L, "q3", 120L));

        assertThatThrownBy(() -> prepare("x", directory.resolve("in"), "split.quantiles={stars: 4}"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("split.quantiles.stars: is not among split.stratify [star_rating]");
        assertThatThrownBy(() -> prepare(
                        "x",
                        directory.resolve("in"),
                        "split.quantiles={review_body: 4}",
                        "split.stratify=[review_body]"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("split.quantiles: 'review_body' must be a column of numbers");
    }

    @Test
    void ofEqualTextsTheLowestHashStays() throws Exception {
        List<Row> rows = Reviews.good(100);
        for (int i = 0; i < 40; i++) {
            rows.add(Reviews.review("COPY" + i, "OTHER" + i, 5, "h", "The very same words"));
        }
        rows.add(Reviews.review("NULL1", "N1", 5, "h", "other"));
        PreparedData data = prepare(
                "out", Reviews.write(directory.resolve("in"), rows, 3, 1), "clean.exact_duplicates=[review_body]");
        assertThat(data.result().metrics().get("quarantined")).isEqualTo(Map.of("duplicate text", 39L));
        Set<String> stayed = new HashSet<>(splitOfIds(data).keySet());
        stayed.removeIf(id -> !id.startsWith("COPY"));
        assertThat(stayed).hasSize(1);

        PreparedData again = prepare(
                "again", Reviews.write(directory.resolve("in2"), rows, 1, 9), "clean.exact_duplicates=[review_body]");
        assertThat(splitOfIds(again)).isEqualTo(splitOfIds(data));
        PreparedData both = prepare(
                "both",
                directory.resolve("in"),
                "clean.exact_duplicates=[review_body, star_rating, review_headline]",
                "clean.required=[]");
        assertThat(both.result().metrics().get("quarantined")).isEqualTo(Map.of("duplicate text", 39L));
    }

    @Test
    void trainingRowsThatAreNearlyThoseOfEvaluationLeaveTrain() throws Exception {
        List<Row> rows = new ArrayList<>(Reviews.good(200));
        String boiler = "I bought this hair dryer for my daughter and it stopped working after the second week of use,"
                + " the company never answered number ";
        for (int i = 0; i < 60; i++) {
            rows.add(Reviews.review("NEAR" + i, "N" + i, 1, "h", boiler + i));
        }
        Path in = Reviews.write(directory.resolve("in"), rows, 3, 1);
        PreparedData data = prepare("out", in, "split.near_duplicates=[review_body]", "clean.required=[]");
        Map<String, String> splits = splitOfIds(data);
        Set<String> near = splits.entrySet().stream()
                .filter(row -> row.getKey().startsWith("NEAR"))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        assertThat(near).as("none in train").doesNotContain("train").isNotEmpty();
        Map<?, ?> quarantined = (Map<?, ?>) data.result().metrics().get("quarantined");
        assertThat(quarantined.keySet()).isEqualTo(Set.of("near-duplicate of an evaluation row"));
        long left = 60
                - splits.keySet().stream().filter(id -> id.startsWith("NEAR")).count();
        assertThat(quarantined.get("near-duplicate of an evaluation row")).isEqualTo(left);
        double withThem = json(data).at("/balance/rms").asDouble();
        double asDealt = json(prepare("dealt", in, "clean.required=[]"))
                .at("/balance/rms")
                .asDouble();
        assertThat(withThem).as("what left counts where the map dealt it").isEqualTo(asDealt);
        assertThat(json(data).at("/leaks/near/train and test").asLong()).isPositive();
        assertThat(json(data).at("/leaks/shared/train and test").toString())
                .isEqualTo("{\"id\":0,\"group\":0,\"example\":0}");

        PreparedData one = prepare("one", in, "clean.near_duplicates=[review_body]", "clean.required=[]");
        assertThat(splitOfIds(one).keySet().stream().filter(id -> id.startsWith("NEAR")))
                .as("one of them all")
                .hasSize(1);
        assertThat(one.result().metrics().get("quarantined")).isEqualTo(Map.of("near-duplicate", 59L));
    }

    @Test
    void aLeakIsFoundInTheFiles() throws Exception {
        List<Row> rows = Reviews.good(300);
        for (int i = 0; i < 30; i++) {
            rows.add(Reviews.review("COPY" + i, "OTHER" + i, 5, "h", "The very same words"));
        }
        PreparedData data = prepare("out", Reviews.write(directory.resolve("in"), rows, 2, 1));
        JsonNode shared = json(data).at("/leaks/shared");
        assertThat(shared.at("/train and test/example").asLong())
                .as("the same prompt and completion, as duplicates were not asked to leave")
                .isEqualTo(1);
        assertThat(shared.at("/train and test/id").asLong()).isZero();
        assertThat(json(data).at("/leaks/near").isNull()).isTrue();
    }

    @Test
    void aMixtureTakesItsRowsByLowestHash() throws Exception {
        Path in = Reviews.write(directory.resolve("in"), Reviews.good(500), 3, 1);
        PreparedData data = prepare("out", in, "mixture.caps={rate: 100}", "mixture.size=300");
        Map<String, Long> train = tasks(data, "train");
        assertThat(train).as("300 in the proportion of 100 and 400").isEqualTo(Map.of("rate", 60L, "summarise", 240L));
        assertThat(tasks(data, "test").get("rate"))
                .as("evaluation is not mixed")
                .isEqualTo(ids(data, "test").size());
        Map<String, Long> counts = data.result().counts();
        assertThat(counts.get("examples") + counts.get("skipped_renderings")).isEqualTo(2 * counts.get("kept"));

        PreparedData larger = prepare("larger", in, "mixture.caps={rate: 150}", "mixture.size=400");
        assertThat(examplesOf(larger, "rate"))
                .containsAll(examplesOf(data, "rate"))
                .hasSize(109);

        assertThatThrownBy(() -> prepare("x", in, "mixture.caps={rank: 100}"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("mixture: caps name a task 'rank', but the tasks are rate, summarise");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            split.sizes={train: 5}                 | split.sizes.train: only an evaluation split of split.fractions [train, validation, test] can have an exact size
            split.sizes={dev: 5}                   | split.sizes.dev: only an evaluation split of split.fractions [train, validation, test] can have an exact size
            split.sizes={test: 0}                  | split.sizes.test: must be from 1 to 10000000, but is 0
            split.quantiles={star_rating: 1}       | split.quantiles.star_rating: must be from 2 to 100, but is 1
            split.jaccard=0.3                      | split.jaccard: must be from 0.5 to 1, but is 0.3
            """)
    void whatContradictsIsSaidBeforeAnythingIsRead(String set, String message) {
        assertThatThrownBy(() -> prepare("x", directory.resolve("nowhere"), set))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    private PreparedData prepare(String name, Path in, String... sets) throws Exception {
        return PreparedData.prepare(directory.resolve(name + "/data"), """
                input: {path: %s, source: tests, license: cc0-1.0}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews}
                examples: {also: []}
                split: {stratify: [star_rating], group: customer_id}
                """.formatted(in, library), List.of(sets));
    }

    private static Set<String> ids(PreparedData data, String split) {
        return data.examples(split).stream().map(Example::id).collect(Collectors.toSet());
    }

    private static Set<String> examplesOf(PreparedData data, String task) {
        return data.examples("train").stream()
                .filter(example -> example.task().equals(task))
                .map(Example::id)
                .collect(Collectors.toSet());
    }

    private static Map<String, Long> tasks(PreparedData data, String split) {
        return data.examples(split).stream().collect(Collectors.groupingBy(Example::task, Collectors.counting()));
    }

    private static Map<String, String> splitOfIds(PreparedData data) {
        Map<String, String> splits = new HashMap<>();
        for (String split : SPLITS) {
            ids(data, split)
                    .forEach(id -> assertThat(splits.put(id, split)).as(id).isNull());
        }
        return splits;
    }

    private static JsonNode json(PreparedData data) throws Exception {
        return new ObjectMapper().readTree(data.text("manifest.json"));
    }
}
