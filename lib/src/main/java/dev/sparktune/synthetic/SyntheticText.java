package dev.sparktune.synthetic;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Documents to pretrain a small model on: reviews without their stars, descriptions of products, and stories with
 * questions about who is who. Nothing in them rates anything by a number.
 */
public final class SyntheticText {
    private final long seed;

    public SyntheticText(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param kind {@code review}, {@code product} or {@code story}
     * @param text not empty
     */
    public record Document(String id, String kind, String text) {}

    /** Rows {@code from} to {@code to}, without {@code to}. */
    public Stream<Document> rows(long from, long to) {
        return LongStream.range(from, to).mapToObj(this::row);
    }

    /** The document of an index; the same for ever for the same seed. */
    public Document row(long index) {
        Draws draws = Draws.ofRow(seed, "text", index);
        return switch (draws.weighted(50, 10, 40)) {
            case 0 -> new Document("review-" + index, "review", review(draws));
            case 1 -> new Document("product-" + index, "product", product(draws));
            default -> new Document("story-" + index, "story", stories(draws));
        };
    }

    /** Now and then several reviews in a row, so that longer contexts occur. */
    private static String review(Draws draws) {
        StringBuilder text = new StringBuilder(oneReview(draws));
        while (draws.chance(0.15)) {
            text.append("\n\n").append(oneReview(draws));
        }
        return text.toString();
    }

    private static String oneReview(Draws draws) {
        Product product = Product.draw(draws);
        ReviewText review = ReviewText.draw(draws, SyntheticReviews.stars(draws), product);
        return switch (draws.below(4)) {
            case 0 -> review.headline() + "\n" + review.body();
            case 1 -> product.title() + "\n" + review.headline() + "\n" + review.body();
            default -> review.body();
        };
    }

    private static String product(Draws draws) {
        Product product = Product.draw(draws);
        String aspect = draws.pick(product.category().aspects()).noun();
        String made = draws.pick(USES);
        int weight = 1 + draws.below(99);
        return switch (draws.below(3)) {
            case 0 ->
                product.title() + "\nThe " + product.noun() + " by " + product.brand() + " comes in " + product.colour()
                        + ". It weighs " + weight + " ounces and is made for " + made + ".";
            case 1 ->
                "The " + product.brand() + " " + product.noun() + " was made for " + made + ". Look at the " + aspect
                        + "! A pack of " + weight + " costs " + (9 + draws.below(190)) + " dollars.";
            default -> "Question: What is the color of the " + product.noun() + "?\nAnswer: " + product.colour();
        };
    }

    /** A story with its question, or a few of them, as with shots; or retold in short. */
    private static String stories(Draws draws) {
        if (draws.chance(0.2)) {
            Story story = Story.draw(draws);
            return story.text() + "\nIn short, the " + story.kind() + " is " + story.name() + ".";
        }
        StringBuilder text = new StringBuilder(answered(draws));
        while (draws.chance(0.35)) {
            text.append("\n\n").append(answered(draws));
        }
        return text.toString();
    }

    private static String answered(Draws draws) {
        Story story = Story.draw(draws);
        return story.text() + "\n" + question(story.kind()) + " " + story.name();
    }

    /** The question as conf/templates/entities asks it. */
    static String question(String kind) {
        return "What is the name of the " + kind + "?";
    }

    private static final List<String> USES =
            List.of("small homes", "long trips", "families", "every day", "beginners", "cold winters");
}
