package dev.sparktune.model;

import dev.sparktune.model.kernel.Views;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tells Deeplearning4j the tensors of a {@link DecoderLayer}: matrices are its weights, norms and biases its biases;
 * names are those of the layout with hyphens for underscores.
 */
enum DecoderParamInitializer implements ParamInitializer {
    INSTANCE;

    private static ParameterLayout layout(Layer layer) {
        return ParameterLayout.of(((DecoderLayer) layer).config());
    }

    private static List<String> names(Layer layer, Predicate<ParameterLayout.Tensor> which) {
        return layout(layer).tensors().stream()
                .filter(which)
                .map(DecoderParamInitializer::key)
                .toList();
    }

    /** Deeplearning4j takes what follows a name's last underscore for the parameter and what precedes it for the layer. */
    private static String key(ParameterLayout.Tensor tensor) {
        return tensor.name().replace('_', '-');
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return layout(layer).length();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return names(layer, tensor -> true);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return names(layer, ParameterLayout.Tensor::decays);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return names(layer, tensor -> !tensor.decays());
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        DecoderLayer layer = (DecoderLayer) conf.getLayer();
        if (initializeParams) {
            new RandomStart(conf.getSeed(), layer.initializerRange()).fill(paramsView, layout(layer));
        }
        return tensors(layer, paramsView);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return tensors(conf.getLayer(), gradientView);
    }

    private static Map<String, INDArray> tensors(Layer layer, INDArray flat) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (ParameterLayout.Tensor tensor : layout(layer).tensors()) {
            int[] shape = tensor.shape();
            tensors.put(
                    key(tensor),
                    shape.length == 1
                            ? Views.vector(flat, tensor.offset(), shape[0])
                            : Views.matrix(flat, tensor.offset(), shape[0], shape[1]));
        }
        return tensors;
    }
}
