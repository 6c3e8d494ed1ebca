package dev.sparktune.template.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** What a text is made of: the methods {@code isalpha}, {@code isdigit} and their like. */
final class TextTests {
    static final Map<String, Builtin> METHODS = methods();

    private TextTests() {}

    private static Map<String, Builtin> methods() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("isalpha", all(Unicode::isAlpha));
        table.put("isdecimal", all(Unicode::isDecimal));
        table.put("isdigit", all(Unicode::isDigit));
        table.put("isnumeric", all(Unicode::isNumeric));
        table.put("isalnum", all(c -> Unicode.isAlpha(c) || Unicode.isDigit(c) || Unicode.isNumeric(c)));
        table.put("isspace", all(Text::isSpace));
        table.put("isascii", on(s -> s.chars().allMatch(c -> c < 0x80)));
        table.put("isprintable", on(s -> s.codePoints().allMatch(Unicode::isPrintable)));
        table.put("islower", on(TextTests::isLower));
        table.put("isupper", on(TextTests::isUpper));
        table.put("istitle", on(TextTests::isTitle));
        return table;
    }

    private static Builtin all(IntPredicate holds) {
        return on(s -> !s.isEmpty() && s.codePoints().allMatch(holds));
    }

    private static Builtin on(Predicate<String> holds) {
        return Builtin.positional("", (context, self, a) -> {
            context.charge(((String) self).length());
            return holds.test((String) self);
        });
    }

    static boolean isLower(String s) {
        return s.codePoints().noneMatch(Unicode::isUpperOrTitle)
                && s.codePoints().anyMatch(Unicode::isLower);
    }

    static boolean isUpper(String s) {
        return s.codePoints().noneMatch(c -> Unicode.isLower(c) || Character.isTitleCase(c))
                && s.codePoints().anyMatch(Character::isUpperCase);
    }

    private static boolean isTitle(String s) {
        boolean any = false;
        boolean inWord = false;
        for (int c : s.codePoints().toArray()) {
            if (Unicode.isUpperOrTitle(c) ? inWord : Unicode.isLower(c) && !inWord) {
                return false;
            }
            inWord = Unicode.isCased(c);
            any |= inWord;
        }
        return any;
    }
}
