package dev.sparktune.jobs.exchange;

import org.nd4j.parameterserver.distributed.v2.messages.impl.base.BaseRequestMessage;

/** Elements {@code [from, from + length)} of the gradient or of the parameters: those bytes themselves go beside it. */
final class SliceMessage extends BaseRequestMessage {
    private static final long serialVersionUID = 1L;

    /** Which of a worker's flat vectors. */
    enum Vector {
        GRADIENT,
        PARAMETERS
    }

    private final Vector vector;
    private final long from;
    private final int length;

    SliceMessage(Vector vector, long from, int length) {
        this.vector = vector;
        this.from = from;
        this.length = length;
    }

    Vector vector() {
        return vector;
    }

    long from() {
        return from;
    }

    /** In elements. */
    int length() {
        return length;
    }

    @Override
    public String toString() {
        return vector + " [" + from + ", " + (from + length) + ")";
    }
}
