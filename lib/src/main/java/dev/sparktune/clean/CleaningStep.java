package dev.sparktune.clean;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What can be done to a text, in the order in which it is done. A row's record of what changed it is a bit set in a long:
 * bit {@code ordinal()} for each step.
 */
public enum CleaningStep {
    HTML,
    NFC,
    CONTROL,
    REPLACEMENT,
    CASE,
    MASK_URL,
    MASK_EMAIL,
    MASK_CARD,
    MASK_PHONE;

    /** As settings, manifests and metrics write it: {@code mask_email}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The step's bit in a row's record. */
    public long bit() {
        return 1L << ordinal();
    }

    /** The steps whose bit is set, in their order. */
    public static List<CleaningStep> of(long bits) {
        List<CleaningStep> steps = new ArrayList<>();
        for (CleaningStep step : values()) {
            if ((bits & step.bit()) != 0) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** @throws IllegalArgumentException for a name that no step has, with those there are */
    public static CleaningStep named(String key) {
        return Arrays.stream(values())
                .filter(step -> step.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no cleaning step '" + key + "', but "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(CleaningStep::key).toList())));
    }
}
