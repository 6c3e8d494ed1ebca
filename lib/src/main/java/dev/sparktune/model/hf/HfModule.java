package dev.sparktune.model.hf;

import java.util.List;
import java.util.function.IntFunction;

/**
 * A linear map of a block as a family's files have it: what PEFT methods are put on.
 *
 * @param name its path in transformers' model, such as {@code model.layers.0.self_attn.q_proj}
 * @param maps the decoder's maps that it is, neighbours in the layout
 * @param transposed whether its weight is stored {@code [in, out]}, what PEFT calls {@code fan_in_fan_out}
 * @param rowOrder from a number of columns to the order of a matrix {@code [out, columns]} whose rows are the module's outputs
 */
record HfModule(String name, List<String> maps, boolean transposed, IntFunction<HfTensor.Order> rowOrder) {
    /** The last part of its path. */
    String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
