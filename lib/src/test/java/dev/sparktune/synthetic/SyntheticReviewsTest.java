package dev.sparktune.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticReviewsTest {
    private static final List<Review> ROWS =
            new SyntheticReviews(42).rows(0, 20_000).toList();

    @ParameterizedTest
    @ValueSource(longs = {0, 42, -7})
    void aRowDependsOnSeedAndIndexAlone(long seed) {
        List<Review> all = new SyntheticReviews(seed).rows(0, 50).toList();

        assertThat(new SyntheticReviews(seed).row(37)).isEqualTo(all.get(37));
        assertThat(new SyntheticReviews(seed).rows(10, 20)).isEqualTo(all.subList(10, 20));
        assertThat(new SyntheticReviews(seed + 1).row(37)).isNotEqualTo(all.get(37));
    }

    @Test
    void theFirstRowStaysWhatItIs() {
        Review first = ROWS.get(0);

        assertThat(first.reviewBody())
                .isEqualTo("I read many reviews before. I find the plastic not lovely at all, and the manual feels not"
                        + " clear at all. Worst robot I have ever owned.");
        assertThat(first.starRating()).isEqualTo(1);
        assertThat(first.productTitle()).isEqualTo("Bellamy robot, red");
        assertThat(first.customerId()).isEqualTo("73476365");
    }

    @Test
    void starsAreUnequalAndNoneTakesMoreThanSixtyPercent() {
        Map<Integer, Long> stars =
                ROWS.stream().collect(Collectors.groupingBy(Review::starRating, Collectors.counting()));

        assertThat(stars).containsOnlyKeys(1, 2, 3, 4, 5);
        assertThat(stars.get(5) / 20_000.0).isCloseTo(0.49, offset(0.02));
        assertThat(stars.get(2) / 20_000.0).isCloseTo(0.08, offset(0.01));
    }

    @Test
    void idsAreUniqueAndSomeCustomersWriteALot() {
        Set<String> ids = new HashSet<>(ROWS.stream().map(Review::reviewId).toList());
        Map<String, Long> reviews =
                ROWS.stream().collect(Collectors.groupingBy(Review::customerId, Collectors.counting()));

        assertThat(ids).hasSize(20_000);
        assertThat(reviews.values()).contains(1L, 2L, 3L).anyMatch(count -> count > 50);
    }

    @Test
    void textsHoldTheDirtOfRealOnes() {
        List<String> bodies = ROWS.stream().map(Review::reviewBody).toList();

        for (String dirt : List.of(
                "<br />",
                "&#34;",
                "&amp;",
                "\uFFFD",
                "👍",
                "❤️",
                " ||| ",
                "{{ 7*7 }}",
                "{% if true %}",
                "\n\n",
                "\t")) {
            assertThat(bodies).as(dirt).anyMatch(body -> body.contains(dirt));
        }
        assertThat(bodies).contains("", " ");
        assertThat(bodies.stream().filter(String::isBlank).count()).isBetween(20L, 100L);
        assertThat(new HashSet<>(bodies).size()).isBetween(17_000, 19_500);
        assertThat(ROWS).anyMatch(row -> row.marketplace().equals("us"));
        assertThat(ROWS).anyMatch(row -> row.productCategory().equals("baby"));
    }

    @Test
    void aNegativeRowIsAnError() {
        assertThatThrownBy(() -> new SyntheticReviews(42).row(-1)).hasMessage("row must be at least 0, but is -1");
    }
}
