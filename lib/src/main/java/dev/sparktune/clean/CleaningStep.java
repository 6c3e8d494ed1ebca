package dev.sparktune.clean;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What can be done to a text, in the order in which it is done: tags and entities come first, since they may hide what the
 * others look for. A row's record of what changed it is a bit set in a long: bit {@code ordinal()} for each step.
 */
public enum CleaningStep {
    /** Tags go, {@code <br />} is a line's end, {@code &#34;} is {@code "}; {@code a < b} and {@code <3} stay. */
    HTML(HtmlText::of),
    /** Unicode's composed form: an e and a combining acute become one é. */
    NFC(ComposedText::of),
    /** Characters that show nothing go: C0 and C1 but for tab and line feed, DEL, byte order marks. Every line ends in a line feed. */
    CONTROL(ControlCharacters::removedFrom),
    /** U+FFFD, what a decoder left of bytes it did not know, goes; between two letters or digits it becomes a space. */
    REPLACEMENT(ReplacementCharacters::removedFrom),
    /** One case for the values of a category; which one is the column's matter: {@link LetterCase}. */
    CASE(text -> text),
    /** {@code https://example.org/a} and {@code www.example.org} become {@code [URL]}. */
    MASK_URL(Urls::masked),
    /** {@code jane.doe@example.org} becomes {@code [EMAIL]}. */
    MASK_EMAIL(EmailAddresses::masked),
    /** Numbers of payment cards, by their length and Luhn's check digit, become {@code [CARD]}. */
    MASK_CARD(CardNumbers::masked),
    /** Telephone numbers in the ways people write them become {@code [PHONE]}. */
    MASK_PHONE(PhoneNumbers::masked);

    private final UnaryOperator<String> function;

    CleaningStep(UnaryOperator<String> function) {
        this.function = function;
    }

    /** The text after the step; the same instance where there was nothing to do. */
    public String apply(String text) {
        return function.apply(text);
    }

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

    /** The keys of all steps, in their order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(CleaningStep::key).toList();
    }

    /** @throws IllegalArgumentException for a key that no step has, with those there are */
    public static CleaningStep named(String key) {
        return Arrays.stream(values())
                .filter(step -> step.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no cleaning step '" + key + "', but " + String.join(", ", keys())));
    }
}
