package dev.sparktune.split;

import java.util.Map;
import java.util.TreeMap;

/**
 * How near the strata came to their fractions: over the cells stratum × split, the relative deviation (records − target) /
 * target.
 *
 * @param rms root mean square of the deviations of the cells that are compared
 * @param max largest of them, without its sign
 * @param cells cells compared: those whose target is at least {@value #LEAST_TARGET} records
 * @param small cells with a smaller target, where one record more or less is a large share
 */
public record SplitBalance(double rms, double max, int cells, int small) {
    public static final double LEAST_TARGET = 25;

    /**
     * @param records stratum → records by split, in the fractions' order: {@code {"5": [800, 101, 99]}}
     */
    public static SplitBalance of(Map<String, long[]> records, SplitFractions fractions) {
        double squares = 0;
        double max = 0;
        int cells = 0;
        int small = 0;
        for (long[] stratum : new TreeMap<>(records).values()) {
            long total = 0;
            for (long count : stratum) {
                total += count;
            }
            for (int split = 0; split < fractions.size(); split++) {
                double target = total * fractions.fraction(split);
                if (target < LEAST_TARGET) {
                    small++;
                    continue;
                }
                double deviation = (stratum[split] - target) / target;
                squares += deviation * deviation;
                max = Math.max(max, Math.abs(deviation));
                cells++;
            }
        }
        return new SplitBalance(cells == 0 ? 0 : Math.sqrt(squares / cells), max, cells, small);
    }
}
