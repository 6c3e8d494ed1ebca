package dev.sparktune.template.jinja;

/** Python's range: start, start + step, … up to but without stop. */
record Range(long start, long stop, long step) {
    Range {
        if (step == 0) {
            throw new EvalException("range() arg 3 must not be zero");
        }
    }

    long length() {
        if (step > 0 ? start >= stop : start <= stop) {
            return 0;
        }
        long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
        return (span - 1) / Math.abs(step) + 1;
    }

    /** @param index in [0, length) */
    long get(long index) {
        return start + index * step;
    }
}
