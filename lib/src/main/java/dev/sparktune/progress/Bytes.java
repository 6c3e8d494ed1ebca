package dev.sparktune.progress;

import java.util.Locale;

/** An amount of memory; its text is for people: {@code 512.0 MiB}, {@code 1.50 GiB}. */
public record Bytes(long count) {
    private static final double UNIT = 1024;

    @Override
    public String toString() {
        double mebibytes = count / UNIT / UNIT;
        return mebibytes < UNIT
                ? String.format(Locale.ROOT, "%,.1f MiB", mebibytes)
                : String.format(Locale.ROOT, "%,.2f GiB", mebibytes / UNIT);
    }
}
