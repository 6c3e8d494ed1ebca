package dev.sparktune.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Prompt tuning (Lester et al. 2021): embeddings before each sequence, which alone are trained. Shows that it takes one class. */
record PromptTuning(int promptTokens, int hiddenSize, int blocks) implements PeftMethod {
    private static final String PROMPT = "prompt";

    @Override
    public ParameterLayout layout() {
        ParameterLayout.Builder builder = new ParameterLayout.Builder().matrix(PROMPT, promptTokens, hiddenSize);
        for (int block = 0; block < blocks; block++) {
            builder.block();
        }
        return builder.build();
    }

    @Override
    public long numbersPerToken() {
        return 0;
    }

    @Override
    public void initialize(INDArray parameters, long seed) {
        new RandomStart(seed, 0.4).fill(parameters, layout());
    }

    @Override
    public LinearMap adapt(LinearMap map, List<String> names, AdapterParts parts) {
        return map;
    }

    @Override
    public SoftPrompt prompt(AdapterParts parts) {
        return new Trained(parts.parameters().matrix(PROMPT));
    }

    private static final class Trained implements SoftPrompt {
        private final INDArray embeddings;
        private INDArray gradients;

        Trained(INDArray embeddings) {
            this.embeddings = embeddings;
        }

        @Override
        public INDArray embeddings() {
            return embeddings;
        }

        @Override
        public void trainInto(TensorViews views) {
            gradients = views.matrix(PROMPT);
        }

        @Override
        public void backward(INDArray dEmbeddings) {
            gradients.addi(dEmbeddings);
        }
    }
}
