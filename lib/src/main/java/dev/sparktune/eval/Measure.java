package dev.sparktune.eval;

import java.util.Locale;

/** What an evaluation measures: its key in files, its name for people, and how its figures are written. */
public enum Measure {
    ACCURACY("accuracy", "accuracy", true, false),
    MACRO_F1("macro_f1", "macro-F1", false, false),
    EXACT_MATCH("exact_match", "exact match", true, false),
    ROUGE_L("rouge_l", "ROUGE-L", false, false),
    PERPLEXITY("perplexity", "perplexity of completions", false, true),
    MAJORITY_CLASS("majority_class", "accuracy of the majority class", true, false);

    private final String key;
    private final String title;
    private final boolean share;
    private final boolean lowerIsBetter;

    Measure(String key, String title, boolean share, boolean lowerIsBetter) {
        this.key = key;
        this.title = title;
        this.share = share;
        this.lowerIsBetter = lowerIsBetter;
    }

    public String key() {
        return key;
    }

    public String title() {
        return title;
    }

    /** A share of the examples: written in per cent. */
    public boolean share() {
        return share;
    }

    /** Whether the figure lies in [0, 1], so that it can stand in one plot with others. */
    public boolean bounded() {
        return this != PERPLEXITY;
    }

    public boolean lowerIsBetter() {
        return lowerIsBetter;
    }

    /** {@code 68.8 %}, {@code 0.365}, {@code 12.41} or {@code 1513}; {@code –} for a figure that could not be had. */
    public String format(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "–" : "∞";
        }
        if (share) {
            return String.format(Locale.ROOT, "%.1f %%", 100 * value);
        }
        if (bounded()) {
            return String.format(Locale.ROOT, "%.3f", value);
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 1e3 ? "%.2f" : size < 1e6 ? "%.0f" : "%.3g", value);
    }

    /** With its sign; shares in points: {@code +47.5}, {@code −0.021}. */
    public String formatDifference(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        String size = share ? String.format(Locale.ROOT, "%.1f", 100 * Math.abs(value)) : format(Math.abs(value));
        return (value < 0 ? "−" : "+") + size;
    }
}
