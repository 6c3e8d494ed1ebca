package dev.sparktune.synthetic;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lists of plain words, with a place in each to ask about. */
public final class SyntheticWords {
    private static final int FEWEST = 3;
    private static final int MOST = 8;

    private static final List<String> WORDS = List.of(
            "apple", "river", "stone", "bread", "cloud", "green", "light", "house", "paper", "music", "seven", "water",
            "chair", "night", "horse", "sugar", "train", "glass", "garden", "window", "letter", "silver", "summer",
            "yellow", "basket", "candle", "market", "pocket", "bridge", "forest", "button", "island", "mirror", "coat",
            "milk", "rain", "road", "salt", "ship", "star");

    private final long seed;

    public SyntheticWords(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param words three to eight between spaces, some of them maybe the same
     * @param position of one of them, from 1
     */
    public record WordList(String id, String words, int position) {}

    /** The row of an index; the same for ever for the same seed. */
    public WordList row(long index) {
        Draws draws = Draws.ofRow(seed, "words", index);
        int count = FEWEST + draws.below(MOST - FEWEST + 1);
        String words =
                IntStream.range(0, count).mapToObj(i -> draws.pick(WORDS)).collect(Collectors.joining(" "));
        return new WordList("words-" + index, words, 1 + draws.below(count));
    }
}
