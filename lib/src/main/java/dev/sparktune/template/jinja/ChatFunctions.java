package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers adds for chat templates. */
final class ChatFunctions {
    /** Python's {@code json.dumps}, every character as it is. */
    static final Builtin TO_JSON =
            Builtin.of("ensure_ascii? indent? separators? sort_keys?", (context, self, a) -> new JsonText(
                            context,
                            Values.truth(orElse(a[0], false)),
                            orElse(a[1], null),
                            orElse(a[2], null),
                            Values.truth(orElse(a[3], false)))
                    .of(self));

    private ChatFunctions() {}

    static Map<String, Builtin> of(Clock clock) {
        return Map.of(
                "raise_exception",
                Builtin.of("message", (context, self, a) -> {
                    throw new EvalException(Printer.str(context, a[0]));
                }),
                "strftime_now",
                Builtin.of("format", (context, self, a) -> format(LocalDateTime.now(clock), StringMethods.text(a[0]))));
    }

    /** C's strftime with English names, for the directives that stand for parts of a date or time. */
    private static String format(LocalDateTime now, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
            } else if (++i < format.length()) {
                out.append(part(now, format.charAt(i)));
            } else {
                throw new EvalException("strftime_now: the format ends with a '%'");
            }
        }
        return out.toString();
    }

    private static String part(LocalDateTime now, char directive) {
        String pattern =
                switch (directive) {
                    case 'a' -> "EEE";
                    case 'A' -> "EEEE";
                    case 'b' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'd' -> "dd";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'j' -> "DDD";
                    case 'm' -> "MM";
                    case 'M' -> "mm";
                    case 'p' -> "a";
                    case 'S' -> "ss";
                    case 'y' -> "yy";
                    case 'Y' -> "yyyy";
                    case 'F' -> "yyyy-MM-dd";
                    case 'T' -> "HH:mm:ss";
                    case '%' -> "%";
                    default ->
                        throw new EvalException("strftime_now: the directive '%" + directive + "' is not supported");
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
    }
}
