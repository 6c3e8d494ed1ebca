package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A method of parameter-efficient fine-tuning: trains a vector of its own beside a base whose weights stay as they are, and
 * says where it takes part in the decoder's arithmetic. Optimizer, exchange and checkpoints know its vector and layout only.
 * Stateless: one method serves any number of {@link Adapter}s.
 */
public interface PeftMethod {
    /**
     * What is trained. What lies before the blocks becomes final last. A block's slice holds what the block's backward pass makes
     * final; a block without a tensor has an empty one, and below the first that has some there is no backward pass.
     */
    ParameterLayout layout();

    /** Numbers that its parts take for each token of a batch while they train, of all blocks together; rather too many than too few. */
    long numbersPerToken();

    /** Writes the start of training to {@code parameters [P]}: a function of the seed. */
    void initialize(INDArray parameters, long seed);

    /**
     * A linear map of a block with what the method adds to it; the map itself where it adds nothing.
     *
     * @param map the frozen one
     * @param names of the maps that it takes together, in the base's layout, without {@code .weight}
     */
    LinearMap adapt(LinearMap map, List<String> names, AdapterParts parts);

    /** How many places before each sequence its {@link #prompt} takes, of those that the model has positions for. */
    default int promptTokens() {
        return 0;
    }

    /** What stands in the {@link #promptTokens}; asked for only where there are some. */
    default SoftPrompt prompt(AdapterParts parts) {
        throw new UnsupportedOperationException("a method with " + promptTokens() + " prompt tokens has no prompt");
    }

    /** Whether weights of the base's shape can do what an adapter of this method does: then it {@link #changes} and {@link #merge}s. */
    default boolean isMergeable() {
        return false;
    }

    /** Whether {@link #merge} changes a tensor of the base, by its name in the base's layout. */
    default boolean changes(String tensor) {
        return false;
    }

    /**
     * Adds what an adapter does to a tensor of the base that it {@link #changes}.
     *
     * @param adapter of this method
     * @param weight {@code [out, in]}, that tensor in the adapter's type
     */
    default void merge(Kernels kernels, TensorViews adapter, String tensor, INDArray weight) {
        throw new UnsupportedOperationException(tensor + " is none that the method changes");
    }
}
