package dev.sparktune.synthetic;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Sentences with the name that is to be found in each: of the kind that {@link SyntheticText} tells, paired anew, so that the answer is
 * in the sentence and not in what was learned by heart.
 */
public final class SyntheticEntities {
    private final long seed;

    public SyntheticEntities(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param sentence one or two sentences that name one entity, and at times others without a name
     * @param kind kind of the entity that is asked about: "cat"
     * @param name its name: "Charlie"
     */
    public record NamedEntity(String id, String sentence, String kind, String name) {}

    /** Rows {@code from} to {@code to}, without {@code to}. */
    public Stream<NamedEntity> rows(long from, long to) {
        return LongStream.range(from, to).mapToObj(this::row);
    }

    /** The row of an index; the same for ever for the same seed. */
    public NamedEntity row(long index) {
        Draws draws = Draws.ofRow(seed, "entity", index);
        Story story = Story.draw(draws);
        return new NamedEntity("entity-" + index, story.text(), story.kind(), story.name());
    }
}
