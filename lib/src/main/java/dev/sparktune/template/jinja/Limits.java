package dev.sparktune.template.jinja;

/**
 * What one render may cost, so that a hostile template ends as an error.
 *
 * @param maxOutput characters (UTF-16) of the rendered text
 * @param maxSteps loop turns, items visited or compared, and characters made, all together
 * @param maxDepth nesting of lists and dicts in values
 */
public record Limits(int maxOutput, long maxSteps, int maxDepth) {
    /** 1 MiB of text, 4 Mi steps, values nested 100 deep. */
    public static final Limits DEFAULT = new Limits(1 << 20, 1L << 22, 100);

    public Limits {
        if (maxOutput < 1 || maxSteps < 1 || maxDepth < 1) {
            throw new IllegalArgumentException("limits must be at least 1, but are maxOutput " + maxOutput
                    + ", maxSteps " + maxSteps + ", maxDepth " + maxDepth);
        }
    }
}
