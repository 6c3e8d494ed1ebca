package dev.sparktune.template.jinja;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * The part of a text that {@code find(part, start, end)} and its like look at.
 *
 * @param text the part
 * @param start where it begins in the whole text, in characters; behind the whole text's end, nothing is in it
 * @param outside whether it begins behind the end
 */
record Window(String text, long start, boolean outside) {
    static Window of(Context context, String whole, Object start, Object end) {
        context.chargeScan(whole);
        if (start == Dict.ABSENT && end == Dict.ABSENT) {
            return new Window(whole, 0, false);
        }
        int length = Text.length(whole);
        long from = bound(Builtin.orElse(start, null), 0, length);
        long to = Math.min(length, bound(Builtin.orElse(end, null), length, length));
        if (from > length || from > to) {
            return new Window("", from, true);
        }
        int first = Text.offset(whole, (int) from);
        return new Window(whole.substring(first, whole.offsetByCodePoints(first, (int) (to - from))), from, false);
    }

    private static long bound(Object bound, long otherwise, int length) {
        if (bound == null) {
            return otherwise;
        }
        long index = Values.integer(bound);
        return index < 0 ? Math.max(0, index + length) : index;
    }

    /** In characters of the whole text; -1 if it is not there. */
    long find(Context context, String part, boolean last) {
        context.chargeSearch(text, part);
        int at = outside ? -1 : last ? text.lastIndexOf(part) : text.indexOf(part);
        return at < 0 ? -1 : start + text.codePointCount(0, at);
    }

    long count(Context context, String part) {
        context.chargeSearch(text, part);
        if (outside) {
            return 0;
        } else if (part.isEmpty()) {
            return Text.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** Whether it holds for the text and the affix, or one of a tuple of affixes. */
    boolean any(Object affix, BiPredicate<String, String> holds) {
        List<Object> affixes = affix instanceof Tuple tuple ? tuple.items() : List.of(StringMethods.text(affix));
        for (Object one : affixes) {
            if (holds.test(text, StringMethods.text(one)) && !outside) {
                return true;
            }
        }
        return false;
    }
}
