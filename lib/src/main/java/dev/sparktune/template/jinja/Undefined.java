package dev.sparktune.template.jinja;

/**
 * Jinja's undefined: prints as nothing, is false, empty and equal to itself; everything else done with it is an error.
 *
 * @param reason what is missing, for that error
 */
record Undefined(String reason) {
    EvalException error() {
        return new EvalException(reason);
    }

    /** Jinja's undefined values are all equal, whatever they stand for. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
