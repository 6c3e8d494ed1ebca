package dev.sparktune.clean;

import java.io.Serializable;
import java.util.Collection;
import java.util.EnumSet;

/** Some steps, one after the other. */
public final class TextCleaner implements Serializable {
    private static final long serialVersionUID = 1;

    private final CleaningStep[] steps;

    /** @param steps done in their own order, whatever the collection's */
    public TextCleaner(Collection<CleaningStep> steps) {
        EnumSet<CleaningStep> sorted = EnumSet.noneOf(CleaningStep.class);
        sorted.addAll(steps);
        this.steps = sorted.toArray(new CleaningStep[0]);
    }

    /**
     * What has become of a text.
     *
     * @param steps the bits of the steps that changed it; 0 for none
     */
    public record Cleaned(String text, long steps) {}

    /** {@code "a&amp;b"} with {@link CleaningStep#HTML}: {@code ("a&b", 1)}. */
    public Cleaned clean(String text) {
        String clean = text;
        long changed = 0;
        for (CleaningStep step : steps) {
            String next = step.apply(clean);
            if (!next.equals(clean)) {
                changed |= step.bit();
                clean = next;
            }
        }
        return new Cleaned(clean, changed);
    }
}
