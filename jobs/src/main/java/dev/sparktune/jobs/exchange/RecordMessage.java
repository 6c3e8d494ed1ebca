package dev.sparktune.jobs.exchange;

import org.nd4j.parameterserver.distributed.v2.messages.impl.base.BaseRequestMessage;

/** The few numbers of a worker that all others must know. */
final class RecordMessage extends BaseRequestMessage {
    private static final long serialVersionUID = 1L;

    private final double[] numbers;

    RecordMessage(double[] numbers) {
        this.numbers = numbers.clone();
    }

    double[] numbers() {
        return numbers.clone();
    }
}
