package dev.sparktune.synthetic;

import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reviews of invented products by invented customers. Stars 1 to 5 come at 10, 8, 12, 20 and 50 of 100; the text leans
 * as the stars do, but 3 of 100 rows carry stars that somebody else gave, bodies overlap between neighbouring stars, 1
 * of 100 bodies repeats another row's, and some are dirty ({@link Dirt}): no reader can be right on all of them.
 */
public final class SyntheticReviews {
    /** Stars that do not come from the text. */
    private static final double WRONG_STARS = 0.03;

    private static final double REPEATED_BODY = 0.01;

    /** Rows per generation of customers; each has a pool of regulars that shrinks in no longer set. */
    private static final int GENERATION = 20_000;

    private static final int REGULARS = 6_000;
    private static final LocalDate FIRST_DAY = LocalDate.of(2012, 1, 1);
    private static final int DAYS = 1_339;

    private final long seed;

    public SyntheticReviews(long seed) {
        this.seed = seed;
    }

    /** Rows {@code from} to {@code to}, without {@code to}. */
    public Stream<Review> rows(long from, long to) {
        return LongStream.range(from, to).mapToObj(this::row);
    }

    /** The row of an index; the same for ever for the same seed. */
    public Review row(long index) {
        Draws draws = Draws.ofRow(seed, "review", index);
        Opinion opinion = opinion(index);
        String body = opinion.body();
        if (index > 0 && draws.chance(REPEATED_BODY)) {
            body = opinion((long) (draws.uniform() * index)).body();
        }
        int votes = draws.chance(0.7) ? 0 : draws.below(12);
        int stars = draws.chance(WRONG_STARS) ? 1 + draws.below(5) : opinion.stars();
        Product product = opinion.product();
        Draws ofProduct = new Draws(seed, product.title(), 0);
        return new Review(
                Dirt.oddCase(draws, "US"),
                customer(draws, index),
                reviewId(draws, index),
                "B0" + ofProduct.code(8),
                String.valueOf(100_000_000 + ofProduct.below(900_000_000)),
                Dirt.oddCase(draws, product.title()),
                Dirt.oddCase(draws, product.category().name()),
                stars,
                votes == 0 ? 0 : draws.below(votes + 1),
                votes,
                draws.chance(0.01) ? "Y" : "N",
                draws.chance(0.85) ? "Y" : "N",
                opinion.headline(),
                body,
                FIRST_DAY.plusDays(draws.below(DAYS)));
    }

    private record Opinion(int stars, Product product, String headline, String body) {}

    private Opinion opinion(long index) {
        Draws draws = new Draws(seed, "opinion", index);
        int stars = stars(draws);
        Product product = Product.draw(draws);
        ReviewText text = ReviewText.draw(draws, stars, product);
        return new Opinion(stars, product, text.headline(), Dirt.body(draws, text.sentences()));
    }

    static int stars(Draws draws) {
        return 1 + draws.weighted(10, 8, 12, 20, 50);
    }

    private static String reviewId(Draws draws, long index) {
        String unique = Long.toString(index, 36).toUpperCase(Locale.ROOT);
        return "R" + draws.code(4) + "0".repeat(Math.max(0, 9 - unique.length())) + unique;
    }

    /** Half of the reviews come from customers who write once, the others from regulars, a few of whom write a lot. */
    private static String customer(Draws draws, long index) {
        long generation = index / GENERATION;
        long withinGeneration =
                draws.chance(0.5) ? REGULARS + index % GENERATION : (long) (REGULARS * Math.pow(draws.uniform(), 2));
        long number = generation * (REGULARS + GENERATION) + withinGeneration;
        return String.valueOf(10_000_000 + number * 48_271 % 2_147_483_647);
    }
}
