package dev.sparktune.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Reports long work on standard error: done of total, rate, time left and a note of the caller's. On a terminal one line
 * is redrawn several times a second; elsewhere (a file, Airflow's log) a plain line appears at most every ten seconds.
 * Safe for use by several threads.
 */
public final class Progress implements AutoCloseable {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private static final int LINE_WIDTH = 110;
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty\\w*|console)");

    private final String what;
    private final long total;
    private final String unit;
    private final PrintStream out;
    private final boolean terminal;
    private final boolean quietWhenShort;
    private final LongSupplier nanoTime;
    private final long started;
    private final long alreadyDone;

    private long done;
    private String note = "";
    private long lastDrawn;
    private boolean closed;

    Progress(
            String what,
            long total,
            long alreadyDone,
            String unit,
            PrintStream out,
            boolean terminal,
            boolean quietWhenShort,
            LongSupplier nanoTime) {
        this.what = what;
        this.total = total;
        this.unit = unit;
        this.out = out;
        this.terminal = terminal;
        this.quietWhenShort = quietWhenShort;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.lastDrawn = started;
        this.alreadyDone = alreadyDone;
        this.done = alreadyDone;
    }

    /** Starts at 0 of {@code total} units; a total of 0 or less means that it is not known. */
    public static Progress start(String what, long total, String unit) {
        return resume(what, 0, total, unit);
    }

    /** Starts at {@code alreadyDone}: what an earlier run did counts as done, but not towards the rate. */
    public static Progress resume(String what, long alreadyDone, long total, String unit) {
        return new Progress(what, total, alreadyDone, unit, System.err, onTerminal(), false, System::nanoTime);
    }

    /** For one of many short pieces of work: says nothing at all unless it lasts. */
    public static Progress quietWhenShort(String what, long total, String unit) {
        return new Progress(what, total, 0, unit, System.err, onTerminal(), true, System::nanoTime);
    }

    /** Whether a person watches standard error. */
    public static boolean onTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // Java's console asks whether stdin is a terminal too, which it is not behind a script.
            return TERMINAL.matcher(Files.readSymbolicLink(STANDARD_ERROR).toString())
                    .matches();
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    public void advance(long units) {
        advance(units, null);
    }

    /** Adds units and, unless null, replaces the note that ends the line, such as {@code "loss 1.234"}. */
    public synchronized void advance(long units, String newNote) {
        done += units;
        if (newNote != null) {
            note = newNote;
        }
        long now = nanoTime.getAsLong();
        if (now - lastDrawn >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            draw(now, false);
        }
    }

    /** Draws the last line: even the shortest work leaves one, unless it was to be quiet. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (quietWhenShort && lastDrawn == started) {
                return;
            }
            draw(nanoTime.getAsLong(), true);
        }
    }

    private void draw(long now, boolean last) {
        lastDrawn = now;
        String line = line((now - started) / 1e9, last);
        if (!terminal) {
            out.println(line);
        } else {
            String fitted = line.length() > LINE_WIDTH ? line.substring(0, LINE_WIDTH) : line;
            out.print("\r\u001b[2K" + fitted + (last ? System.lineSeparator() : ""));
        }
        out.flush();
    }

    private String line(double seconds, boolean last) {
        double rate = (done - alreadyDone) / Math.max(seconds, 1e-9);
        StringBuilder line = new StringBuilder(what).append("  ").append(String.format(Locale.ROOT, "%,d", done));
        if (total > 0) {
            line.append(String.format(Locale.ROOT, " of %,d", total));
        }
        line.append(' ').append(unit);
        if (total > 0) {
            line.append(String.format(Locale.ROOT, " (%d %%)", Math.round(100.0 * done / total)));
        }
        line.append(String.format(Locale.ROOT, rate >= 100 ? "  %,.0f/s" : "  %.2f/s", rate));
        if (last) {
            line.append("  took ").append(duration(seconds));
        } else if (total > 0 && rate > 0) {
            line.append("  left ").append(duration(Math.max(0, total - done) / rate));
        }
        return note.isEmpty() ? line.toString() : line.append("  ").append(note).toString();
    }

    /** {@code 4.2 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
    public static String duration(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
