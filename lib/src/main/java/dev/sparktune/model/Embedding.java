package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** From token ids, and learned positions where the model has them, to the residual stream; before them a prompt, where an adapter has one. */
final class Embedding {
    private final Kernels kernels;
    private final INDArray tokens; // [vocab, hidden]
    private final INDArray positions; // [maxPositions, hidden]; null: positions are not learned
    private final SoftPrompt prompt; // null: none
    private INDArray dTokens; // null: only the prompt is trained
    private INDArray dPositions;

    Embedding(DecoderConfig config, Kernels kernels, TensorViews parameters, SoftPrompt prompt) {
        this.kernels = kernels;
        this.prompt = prompt;
        tokens = parameters.matrix(ParameterLayout.EMBEDDING + ".weight");
        positions = config.rotary() == null ? parameters.matrix(ParameterLayout.POSITIONS + ".weight") : null;
    }

    void trainInto(TensorViews gradients) {
        dTokens = gradients.matrix(ParameterLayout.EMBEDDING + ".weight");
        dPositions = positions == null ? null : gradients.matrix(ParameterLayout.POSITIONS + ".weight");
    }

    /**
     * Writes {@code stream [tokens, hidden]}.
     *
     * @param ids {@code [tokens]}; any where the prompt is
     * @param places {@code [tokens]}: their positions
     * @param prompts rows where the prompt begins
     */
    void forward(int[] ids, int[] places, int[] prompts, INDArray stream) {
        kernels.gatherRows(tokens, ids, stream);
        for (int first : prompts) {
            INDArray embeddings = prompt.embeddings();
            kernels.copy(embeddings, Views.rows(stream, first, embeddings.rows()));
        }
        if (positions != null) {
            kernels.addGatheredRows(positions, places, stream);
        }
    }

    void backward(INDArray dStream, int[] ids, int[] places, int[] prompts) {
        for (int first : prompts) {
            prompt.backward(Views.rows(dStream, first, prompt.embeddings().rows()));
        }
        if (dTokens != null) {
            kernels.addToRows(dStream, ids, dTokens);
        }
        if (dPositions != null) {
            kernels.addToRows(dStream, places, dPositions);
        }
    }
}
