package dev.sparktune.split;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The splits' names and the share of the data that each shall have, in the order in which the user named them. */
public final class SplitFractions implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final double ROUNDING = 1e-6;
    /** A set of splits is the bits of one long. */
    private static final int MOST = 60;

    private final String[] names;
    private final double[] fractions;

    private SplitFractions(String[] names, double[] fractions) {
        this.names = names;
        this.fractions = fractions;
    }

    /** @throws IllegalArgumentException when a name cannot name a directory, or the fractions are not shares of one whole */
    public static SplitFractions of(Map<String, Double> fractions) {
        if (fractions.isEmpty() || fractions.size() > MOST) {
            throw new IllegalArgumentException(
                    "fractions must name 1 to " + MOST + " splits, they name " + fractions.size());
        }
        double sum = 0;
        for (Map.Entry<String, Double> split : fractions.entrySet()) {
            if (!NAME.matcher(split.getKey()).matches()) {
                throw new IllegalArgumentException(
                        "split '" + split.getKey() + "' must be named by small letters, digits and _, a letter first");
            }
            Double fraction = split.getValue();
            if (fraction == null || !(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException("the fraction of split '" + split.getKey()
                        + "' must be above 0 and at most 1, it is " + fraction);
            }
            sum += fraction;
        }
        if (Math.abs(sum - 1) > ROUNDING) {
            throw new IllegalArgumentException("fractions must sum to 1, " + fractions + " sum to " + (float) sum);
        }
        return new SplitFractions(
                fractions.keySet().toArray(new String[0]),
                fractions.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    public int size() {
        return names.length;
    }

    public String name(int split) {
        return names[split];
    }

    public double fraction(int split) {
        return fractions[split];
    }

    public List<String> names() {
        return List.of(names);
    }

    /** Name → fraction, in order. */
    public Map<String, Double> asMap() {
        Map<String, Double> map = new LinkedHashMap<>();
        for (int split = 0; split < names.length; split++) {
            map.put(names[split], fractions[split]);
        }
        return map;
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
