package dev.sparktune.eval;

/**
 * A figure and where it may lie.
 *
 * @param value over the examples at hand
 * @param low lower bound of its confidence interval
 * @param high upper bound
 */
public record Interval(double value, double low, double high) {
    /** Whether a difference of 0 lies outside: the two models differ by more than the draw of examples explains. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
