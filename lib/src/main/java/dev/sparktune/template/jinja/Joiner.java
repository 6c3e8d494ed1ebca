package dev.sparktune.template.jinja;

/** Jinja's {@code joiner(separator)}: nothing when first called, then the separator. */
final class Joiner implements Invocable {
    private final Object separator;
    private boolean used;

    Joiner(Object separator) {
        this.separator = separator;
    }

    @Override
    public Object call(Context context, Arguments arguments) {
        if (!arguments.isEmpty()) {
            throw new EvalException("a joiner takes no arguments");
        }
        boolean first = !used;
        used = true;
        return first ? "" : separator;
    }

    @Override
    public String typeName() {
        return "Joiner";
    }
}
