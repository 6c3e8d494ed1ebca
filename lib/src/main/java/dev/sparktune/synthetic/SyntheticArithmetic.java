package dev.sparktune.synthetic;

import java.util.List;

/** Small sums with their results. */
public final class SyntheticArithmetic {
    private static final List<String> OPERATORS = List.of("plus", "minus", "times");

    /** First and second number of a sum or difference are below. */
    private static final int MOST = 100;

    private static final int MOST_FACTOR = 13;

    private final long seed;

    public SyntheticArithmetic(long seed) {
        this.seed = seed;
    }

    /**
     * @param id unique within a seed
     * @param first at least 0
     * @param operator {@code plus}, {@code minus} or {@code times}
     * @param second at least 0; at most {@code first} in a difference
     * @param result at least 0
     */
    public record Sum(String id, int first, String operator, int second, int result) {}

    /** The row of an index; the same for ever for the same seed. */
    public Sum row(long index) {
        Draws draws = Draws.ofRow(seed, "arithmetic", index);
        String id = "sum-" + index;
        String operator = draws.pick(OPERATORS);
        if (operator.equals("times")) {
            int first = draws.below(MOST_FACTOR);
            int second = draws.below(MOST_FACTOR);
            return new Sum(id, first, operator, second, first * second);
        }
        int one = draws.below(MOST);
        int other = draws.below(MOST);
        return operator.equals("plus")
                ? new Sum(id, one, operator, other, one + other)
                : new Sum(id, Math.max(one, other), operator, Math.min(one, other), Math.abs(one - other));
    }
}
