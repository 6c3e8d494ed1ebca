package dev.sparktune.model;

import dev.sparktune.model.kernel.CounterRandom;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * LoRA (Hu et al. 2021): to the weight W {@code [out, in]} of some linear maps is added {@code scale * B A}, with A {@code [r, in]} and
 * B {@code [out, r]}, which alone are trained.
 */
public final class Lora implements PeftMethod {
    private static final String A = ".lora_A.weight";
    private static final String WEIGHT = ".weight";

    private final double dropout;
    private final List<Module> modules;
    private final Map<String, Place> places = new HashMap<>();
    private final ParameterLayout layout;

    /**
     * What one A and one B are for.
     *
     * @param name of the module in the base's files; its tensors' names begin with it
     * @param maps of the decoder, in the base's layout without {@code .weight}, that read the same x and are one map in the files: rows
     *     of B are theirs in this order
     * @param r the rank
     * @param scale {@code alpha / r}, or {@code alpha / sqrt(r)} for rsLoRA
     */
    public record Module(String name, List<String> maps, int r, double scale) {
        public Module {
            Bounds.atLeast("lora r of " + name, r, 1);
            if (!Double.isFinite(scale)) {
                throw new IllegalArgumentException("the scale of " + name + " must be finite, but is " + scale);
            }
            maps = List.copyOf(maps);
        }

        /** The name of A. */
        public String a() {
            return name + A;
        }

        /** The name of B. */
        public String b() {
            return name + ".lora_B.weight";
        }

        /** What tells its randomness from that of others. */
        long key() {
            long key = 0;
            for (int i = 0; i < name.length(); i++) {
                key = CounterRandom.key(key, name.charAt(i));
            }
            return key;
        }
    }

    /** A map's rows of a module's B begin at {@code firstRow}. */
    private record Place(Module module, int firstRow, int rows) {}

    /**
     * @param base where the base's tensors lie
     * @param dropout share of x that A does not see in training, in [0, 1)
     * @param modules at least one; no map is of two
     */
    public Lora(ParameterLayout base, double dropout, List<Module> modules) {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("lora dropout must be in [0, 1), but is " + dropout);
        }
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("lora needs at least one module");
        }
        this.dropout = dropout;
        this.modules = List.copyOf(modules);
        for (Module module : modules) {
            int row = 0;
            for (String map : module.maps()) {
                int rows = base.tensor(map + WEIGHT).shape()[0];
                if (places.put(map, new Place(module, row, rows)) != null) {
                    throw new IllegalArgumentException(map + " is in two modules, " + module.name() + " is the second");
                }
                row += rows;
            }
        }
        layout = layout(base);
    }

    /** Block by block, in each all A's and then all B's. */
    private ParameterLayout layout(ParameterLayout base) {
        ParameterLayout.Builder builder = new ParameterLayout.Builder();
        Set<Module> left = new HashSet<>(modules);
        for (int block = 0; block < base.blocks().size(); block++) {
            String prefix = ParameterLayout.block(block);
            List<Module> own = modules.stream()
                    .filter(module -> module.maps().get(0).startsWith(prefix))
                    .toList();
            builder.block();
            own.forEach(module -> builder.matrix(
                    module.a(),
                    module.r(),
                    base.tensor(module.maps().get(0) + WEIGHT).shape()[1]));
            own.forEach(module -> builder.matrix(module.b(), rows(module), module.r()));
            own.forEach(left::remove);
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("these modules are of no block: "
                    + left.stream().map(Module::name).sorted().toList());
        }
        return builder.build();
    }

    private int rows(Module module) {
        return module.maps().stream().mapToInt(map -> places.get(map).rows()).sum();
    }

    public double dropout() {
        return dropout;
    }

    public List<Module> modules() {
        return modules;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public long numbersPerToken() {
        long kept = modules.stream()
                .mapToLong(module -> (long) module.r() * module.maps().size())
                .sum();
        long ranks = modules.stream().mapToInt(Module::r).distinct().sum();
        long widths = layout.tensors().stream()
                .filter(tensor -> tensor.name().endsWith(A))
                .mapToInt(tensor -> tensor.shape()[1])
                .distinct()
                .sum();
        return kept + ranks + (dropout == 0 ? 0 : widths);
    }

    /** As PEFT does: B is 0, A is uniform in {@code ±1 / sqrt(in)} (Kaiming's with a = sqrt(5)). */
    @Override
    public void initialize(INDArray parameters, long seed) {
        TensorViews tensors = new TensorViews(parameters, layout);
        for (Module module : modules) {
            tensors.matrix(module.b()).assign(0);
            INDArray a = tensors.matrix(module.a());
            long stream = CounterRandom.key(seed, module.key());
            double bound = 1 / Math.sqrt(a.columns());
            float[] values = new float[Math.toIntExact(a.length())];
            IntStream.range(0, values.length)
                    .parallel()
                    .forEach(i -> values[i] = (float) (bound * (2 * CounterRandom.unit(stream, i) - 1)));
            a.assign(Nd4j.createFromArray(values).reshape(a.shape()).castTo(a.dataType()));
        }
    }

    @Override
    public LinearMap adapt(LinearMap map, List<String> names, AdapterParts parts) {
        List<LoraLinear.Part> adapted = new ArrayList<>();
        int column = 0;
        for (int i = 0; i < names.size(); ) {
            Place place = places.get(names.get(i));
            int width = 0;
            // Neighbours of one module are neighbours in its B, too: one part.
            do {
                width += parts.base().tensor(names.get(i) + WEIGHT).shape()[0];
                i++;
            } while (place != null && i < names.size() && isOf(place.module(), names.get(i)));
            if (place != null) {
                adapted.add(new LoraLinear.Part(place.module(), dropout, column, place.firstRow(), width, parts));
            }
            column += width;
        }
        return adapted.isEmpty() ? map : new LoraLinear(map, adapted);
    }

    private boolean isOf(Module module, String map) {
        Place place = places.get(map);
        return place != null && place.module().equals(module);
    }

    @Override
    public boolean isMergeable() {
        return true;
    }

    @Override
    public boolean changes(String tensor) {
        return places.containsKey(map(tensor));
    }

    /** {@code W += scale * B A}. */
    @Override
    public void merge(Kernels kernels, TensorViews adapter, String tensor, INDArray weight) {
        Place place = places.get(map(tensor));
        INDArray rows = Views.rows(adapter.matrix(place.module().b()), place.firstRow(), place.rows());
        INDArray scaled = rows.dup('c').muli(place.module().scale());
        kernels.linearInputGradient(scaled, adapter.matrix(place.module().a()), weight, true);
    }

    private static String map(String tensor) {
        return tensor.endsWith(WEIGHT) ? tensor.substring(0, tensor.length() - WEIGHT.length()) : tensor;
    }
}
