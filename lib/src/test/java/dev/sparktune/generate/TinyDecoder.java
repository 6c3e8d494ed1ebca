package dev.sparktune.generate;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import java.util.function.LongConsumer;
import org.nd4j.linalg.api.buffer.DataType;

/** A random model over the 260 ids of {@code ByteLevelTokenizer}; sharp enough that its answers differ. */
final class TinyDecoder {
    /** Takes what is finished, and does nothing with it. */
    static final LongConsumer UNHEARD = finished -> {};

    private TinyDecoder() {}

    static Decoder random(int contextTokens) {
        Decoder decoder = Decoder.create(
                DecoderConfig.llama(260, 16, 32, 2, 4, 2, 4, contextTokens, 1e-5, 10_000, true), DataType.FLOAT);
        decoder.initialize(11, 0.5);
        return decoder;
    }
}
