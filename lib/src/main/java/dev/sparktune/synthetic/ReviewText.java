package dev.sparktune.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What somebody who gives a number of stars writes: a headline and one to five sentences.
 *
 * @param headline without full stop
 * @param sentences at least one
 */
record ReviewText(String headline, List<String> sentences) {

    /** Strengths −3 … +3 of the opinions, in parts of 100, for one to five stars: neighbours overlap as real ones do. */
    private record Leaning(double[] overall, double[] aspects) {}

    private static final Map<Integer, Leaning> LEANINGS = Map.of(
            1, leaning(new double[] {70, 28, 2, 0, 0, 0, 0}, new double[] {50, 40, 5, 0, 5, 0, 0}),
            2, leaning(new double[] {10, 55, 33, 2, 0, 0, 0}, new double[] {5, 45, 30, 0, 12, 8, 0}),
            3, leaning(new double[] {0, 3, 27, 45, 23, 2, 0}, new double[] {0, 20, 32, 0, 28, 20, 0}),
            4, leaning(new double[] {0, 0, 2, 6, 33, 54, 5}, new double[] {0, 4, 18, 0, 28, 45, 5}),
            5, leaning(new double[] {0, 0, 0, 0, 2, 28, 70}, new double[] {0, 1, 4, 0, 5, 40, 50}));

    static ReviewText draw(Draws draws, int stars, Product product) {
        Leaning leaning = LEANINGS.get(stars);
        String headline = Opinions.headline(draws, strength(draws, leaning.overall()), product);
        if (draws.chance(0.06)) {
            return new ReviewText(headline, List.of(Opinions.stock(draws, strength(draws, leaning.overall()))));
        }
        List<String> sentences = new ArrayList<>();
        if (draws.chance(0.3)) {
            sentences.add(Opinions.neutral(draws, product));
        }
        boolean overallFirst = draws.chance(0.5);
        boolean overall = draws.chance(0.8);
        if (overall && overallFirst) {
            sentences.add(Opinions.overall(draws, strength(draws, leaning.overall()), product));
        }
        int judged = draws.weighted(overall ? 8 : 0, 55, 37);
        for (int i = 0; i < judged; i++) {
            int strength = strength(draws, leaning.aspects());
            sentences.add(
                    draws.chance(0.3)
                            ? Opinions.contrast(draws, strength, strength(draws, leaning.aspects()), product)
                            : Opinions.aspect(draws, strength, product));
        }
        if (overall && !overallFirst) {
            sentences.add(Opinions.overall(draws, strength(draws, leaning.overall()), product));
        }
        return new ReviewText(headline, List.copyOf(sentences));
    }

    /** The sentences as one paragraph. */
    String body() {
        return String.join(" ", sentences);
    }

    private static int strength(Draws draws, double[] weights) {
        return draws.weighted(weights) - Opinions.STRONGEST;
    }

    private static Leaning leaning(double[] overall, double[] aspects) {
        return new Leaning(overall, aspects);
    }
}
