package dev.sparktune.token;

/** How long the examples of a data set are: what the work and the memory of training follow from. */
public interface ExampleLengths {
    /** How many examples there are. */
    long size();

    /** Tokens of example {@code index}. */
    int length(long index);

    /** {@link TokenizedExample#targets()} of example {@code index}. */
    int targets(long index);

    /** Of examples in memory. {@code tokens [examples], targets [examples]}. */
    static ExampleLengths of(int[] tokens, int[] targets) {
        return new ExampleLengths() {
            @Override
            public long size() {
                return tokens.length;
            }

            @Override
            public int length(long index) {
                return tokens[(int) index];
            }

            @Override
            public int targets(long index) {
                return targets[(int) index];
            }
        };
    }
}
