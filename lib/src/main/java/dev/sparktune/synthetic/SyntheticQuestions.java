package dev.sparktune.synthetic;

/** Sentences about somebody who has a name and a kind, each with a question to which the answer is no or yes. */
public final class SyntheticQuestions {
    private final long seed;

    public SyntheticQuestions(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param sentence "Charlie the cat sat down."
     * @param question "Is Charlie a dog?"
     * @param answer {@code no} or {@code yes}, as often the one as the other
     */
    public record Question(String id, String sentence, String question, String answer) {}

    /** The row of an index; the same for ever for the same seed. */
    public Question row(long index) {
        Draws draws = Draws.ofRow(seed, "question", index);
        Story story = Story.draw(draws);
        boolean yes = draws.chance(0.5);
        String asked = yes ? story.kind() : Story.otherKind(draws, story.kind());
        String question = "Is " + story.name() + " " + Story.article(asked) + asked + "?";
        return new Question("question-" + index, story.text(), question, yes ? "yes" : "no");
    }
}
