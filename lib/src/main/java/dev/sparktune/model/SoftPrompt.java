package dev.sparktune.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a {@link PeftMethod} puts before each sequence in the place of tokens (prompt tuning, Lester et al. 2021). */
public interface SoftPrompt {
    /** {@code [promptTokens, hidden]}: what the residual stream begins with, before positions that are learned; read in each pass. */
    INDArray embeddings();

    /** {@link #backward} adds the gradients of what is trained of it to these from now on. */
    void trainInto(TensorViews gradients);

    /**
     * Adds the gradients of what is trained.
     *
     * @param dEmbeddings {@code [promptTokens, hidden]}: the gradient by {@link #embeddings} before one sequence
     */
    void backward(INDArray dEmbeddings);
}
