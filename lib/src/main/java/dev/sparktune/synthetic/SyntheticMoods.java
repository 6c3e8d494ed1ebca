package dev.sparktune.synthetic;

import java.util.List;

/** Sentences that are clearly for or against a product. */
public final class SyntheticMoods {
    /** The weaker ones are of two minds. */
    private static final List<Integer> CLEAR_STRENGTHS = List.of(-3, -2, 2, 3);

    private final long seed;

    public SyntheticMoods(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param sentence "It works great."
     * @param mood {@code negative} or {@code positive}, as often the one as the other
     */
    public record Mood(String id, String sentence, String mood) {}

    /** The row of an index; the same for ever for the same seed. */
    public Mood row(long index) {
        Draws draws = Draws.ofRow(seed, "mood", index);
        int strength = draws.pick(CLEAR_STRENGTHS);
        Product product = Product.draw(draws);
        String sentence = draws.chance(0.5)
                ? Opinions.overall(draws, strength, product)
                : Opinions.aspect(draws, strength, product);
        return new Mood("mood-" + index, sentence, strength < 0 ? "negative" : "positive");
    }
}
