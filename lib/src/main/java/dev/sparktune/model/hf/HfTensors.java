package dev.sparktune.model.hf;

import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.ParameterLayout.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes the lists of a family's tensors and linear maps: what each is called in its files, and which of the decoder's it is. */
final class HfTensors {
    private final ParameterLayout layout;
    private final String prefix;
    private final List<HfTensor> tensors = new ArrayList<>();
    private final List<HfModule> modules = new ArrayList<>();

    /** {@code prefix}: what names begin with but for the head's; files of a model without its head lack it. */
    HfTensors(ParameterLayout layout, String prefix) {
        this.layout = layout;
        this.prefix = prefix;
    }

    List<HfTensor> list() {
        return List.copyOf(tensors);
    }

    /** The linear maps of blocks, in the order of the forward pass. */
    List<HfModule> modules() {
        return List.copyOf(modules);
    }

    /** The head, where it is untied, under the first of its names. */
    void head(String... names) {
        if (layout.has("head.weight")) {
            add(List.of(names), HfTensor.Order.SAME, "head.weight");
        }
    }

    /** One tensor as it is. */
    void same(String name, String ours) {
        add(prefixed(name), HfTensor.Order.SAME, ours);
    }

    /** Weight and, where the decoder has one, bias of a map {@code [out, in]} or of a norm. */
    void module(String name, String ours) {
        same(name + ".weight", ours + ".weight");
        if (layout.tensor(ours + ".weight").role() == ParameterLayout.Role.MATRIX) {
            modules.add(new HfModule(prefix + name, List.of(ours), false, r -> HfTensor.Order.SAME));
        }
        if (layout.has(ours + ".bias")) {
            same(name + ".bias", ours + ".bias");
        }
    }

    /** Weight {@code [in, out]} and bias of a map; of several, side by side. */
    void transposedModule(String name, String... ours) {
        int in = layout.tensor(ours[0] + ".weight").shape()[1];
        int out = Stream.of(ours)
                .mapToInt(map -> layout.tensor(map + ".weight").shape()[0])
                .sum();
        add(prefixed(name + ".weight"), new int[] {in, out}, HfTensor.Order.transposed(in, out), with(".weight", ours));
        modules.add(new HfModule(prefix + name, List.of(ours), true, r -> HfTensor.Order.SAME));
        add(prefixed(name + ".bias"), new int[] {out}, HfTensor.Order.SAME, with(".bias", ours));
    }

    /** Weight {@code [out, in]} and, where the decoder has one, bias of maps whose outputs are stored head by head. */
    void headByHeadModule(String name, int heads, int headDim, String... ours) {
        int in = layout.tensor(ours[0] + ".weight").shape()[1];
        int out = heads * ours.length * headDim;
        HfTensor.Order rows = HfTensor.Order.headByHead(heads, ours.length, headDim, in);
        add(prefixed(name + ".weight"), new int[] {out, in}, rows, with(".weight", ours));
        modules.add(new HfModule(
                prefix + name,
                List.of(ours),
                false,
                columns -> HfTensor.Order.headByHead(heads, ours.length, headDim, columns)));
        if (layout.has(ours[0] + ".bias")) {
            HfTensor.Order elements = HfTensor.Order.headByHead(heads, ours.length, headDim, 1);
            add(prefixed(name + ".bias"), new int[] {out}, elements, with(".bias", ours));
        }
    }

    private static String[] with(String ending, String... maps) {
        return Stream.of(maps).map(map -> map + ending).toArray(String[]::new);
    }

    private List<String> prefixed(String name) {
        return List.of(prefix + name, name);
    }

    private void add(List<String> names, HfTensor.Order order, String ours) {
        add(names, layout.tensor(ours).shape(), order, ours);
    }

    private void add(List<String> names, int[] shape, HfTensor.Order order, String... ours) {
        long offset = layout.tensor(ours[0]).offset();
        HfTensor tensor = new HfTensor(names, shape, offset, order);
        long end = offset;
        for (String name : ours) {
            Tensor part = layout.tensor(name);
            if (part.offset() != end) {
                throw new IllegalStateException(name + " does not lie at " + end + " in the vector");
            }
            end += part.length();
        }
        if (tensor.length() != end - offset) {
            throw new IllegalStateException(names + " has " + tensor.length() + " elements, not " + (end - offset));
        }
        tensors.add(tensor);
    }
}
