package dev.sparktune.template.jinja;

/** Python's {@code text.format(…)}: fields by position, by name or in turn, items of them in brackets, but no attributes. */
final class StringFormat {
    private final Context context;
    private final String format;
    private final Arguments arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int automatic;
    private boolean numbered;

    private StringFormat(Context context, String format, Arguments arguments) {
        this.context = context;
        this.format = format;
        this.arguments = arguments;
    }

    static String apply(Context context, String format, Arguments arguments) {
        return new StringFormat(context, format, arguments).run();
    }

    private String run() {
        context.charge(format.length());
        while (at < format.length()) {
            char c = format.charAt(at++);
            boolean doubled = at < format.length() && format.charAt(at) == c;
            if ((c == '{' || c == '}') && doubled) {
                at++;
                out.append(c);
            } else if (c == '{') {
                field();
            } else if (c == '}') {
                throw new EvalException("Single '}' encountered in format string");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void field() {
        String reference = until("!:}");
        char conversion = 0;
        if (format.charAt(at) == '!') {
            if (at + 2 >= format.length()) {
                throw new EvalException("unmatched '{' in format spec");
            }
            conversion = format.charAt(at + 1);
            at += 2;
        }
        String spec = "";
        if (format.charAt(at) == ':') {
            at++;
            spec = until("}");
        }
        if (format.charAt(at++) != '}') {
            throw new EvalException("expected '}' in a format string");
        }
        Object value = value(reference);
        String text = FormatSpec.apply(context, converted(value, conversion), spec);
        context.charge(text.length());
        out.append(text);
    }

    private String until(String ends) {
        int start = at;
        boolean inBrackets = false;
        while (at < format.length() && (inBrackets || ends.indexOf(format.charAt(at)) < 0)) {
            char c = format.charAt(at);
            if (c == '{') {
                throw new EvalException("a format inside a format is not supported");
            }
            inBrackets = c == '[' || (inBrackets && c != ']');
            at++;
        }
        if (at >= format.length()) {
            throw new EvalException("expected '}' before end of string");
        }
        return format.substring(start, at);
    }

    private Object value(String reference) {
        int bracket = reference.indexOf('[');
        String name = bracket < 0 ? reference : reference.substring(0, bracket);
        if (name.indexOf('.') >= 0) {
            throw new EvalException("attributes in a format string are not supported");
        }
        Object value = argument(name);
        for (int i = bracket; i >= 0 && i < reference.length(); ) {
            int close = reference.indexOf(']', i);
            if (reference.charAt(i) != '[' || close < i + 2) {
                throw new EvalException("the format field '" + reference + "' is not supported");
            }
            String key = reference.substring(i + 1, close);
            value = item(value, isIndex(key) ? (Object) index(key) : key);
            i = close + 1;
        }
        return value;
    }

    private static boolean isIndex(String key) {
        return !key.isEmpty() && key.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long index(String digits) {
        if (digits.length() > 9) {
            throw new EvalException("Too many decimal digits in format string");
        }
        return Long.parseLong(digits);
    }

    private Object item(Object value, Object key) {
        boolean usual = value instanceof Dict || (key instanceof Long && !(value instanceof Loop));
        Object item = usual ? Subscript.item(context, value, key) : Dict.ABSENT;
        if (item == Dict.ABSENT || item instanceof Undefined || item instanceof Invocable) {
            throw new EvalException("a " + Values.typeName(value) + " has no item for the format string");
        }
        return item;
    }

    private Object argument(String name) {
        if (name.isEmpty() || isIndex(name)) {
            if (name.isEmpty() ? numbered : automatic > 0) {
                throw new EvalException("cannot switch between automatic and manual field numbering");
            }
            numbered |= !name.isEmpty();
            long index = name.isEmpty() ? automatic++ : index(name);
            if (index >= arguments.positional().size()) {
                throw new EvalException("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get((int) index);
        }
        Object value = arguments.named(name);
        if (value == Dict.ABSENT) {
            throw new EvalException("the format names '" + name + "', which is not there");
        }
        return value;
    }

    private Object converted(Object value, char conversion) {
        return switch (conversion) {
            case 0 -> value;
            case 's' -> Printer.str(context, value);
            case 'r' -> Printer.repr(context, value);
            default -> throw new EvalException("the conversion '!" + conversion + "' is not supported");
        };
    }
}
