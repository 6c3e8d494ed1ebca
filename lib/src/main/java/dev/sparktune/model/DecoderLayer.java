package dev.sparktune.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Deeplearning4j's configuration of a {@link Decoder}, as the only layer of a {@code MultiLayerNetwork}: so its gradient
 * check, updaters, listeners and training masters take the model. The network's {@code params()} is the decoder's flat
 * vector.
 *
 * <p>Features are token ids, {@code [examples, tokens]} or {@code [examples, 1, tokens]}; labels, of the same shape, the
 * token to predict at each place; the label mask {@code [examples, tokens]} says where there is a loss (everywhere without
 * one). Rows are padded on the right with any id. The score is the sum of {@code -log p} divided by the examples, the
 * gradient likewise, as for Deeplearning4j's own layers. The output is the probabilities {@code [examples, vocab, tokens]}.
 *
 * <p>The field is the JSON of a {@link DecoderConfig}, because networks travel as the JSON of a Jackson that does not know records.
 */
public final class DecoderLayer extends BaseLayer {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @JsonProperty
    private String config;

    @JsonProperty
    private double initializerRange;

    /** For reading from JSON. */
    @SuppressWarnings("unused")
    private DecoderLayer() {}

    /** {@code initializerRange}: standard deviation of the random first matrices; the network's seed draws them. */
    public DecoderLayer(DecoderConfig config, double initializerRange) {
        try {
            this.config = MAPPER.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of " + config, e);
        }
        this.initializerRange = initializerRange;
    }

    public DecoderConfig config() {
        try {
            return MAPPER.readValue(config, DecoderConfig.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no configuration of a decoder: " + config, e);
        }
    }

    double initializerRange() {
        return initializerRange;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        Map<String, INDArray> tensors = initializer().init(conf, layerParamsView, initializeParams);
        DecoderLayerRuntime layer = new DecoderLayerRuntime(conf, networkDataType, layerParamsView, tensors);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return DecoderParamInitializer.INSTANCE;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.recurrent(config().vocabSize(), RNNFormat.NCW);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // Token ids have no width to take over.
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String paramName) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = ParameterLayout.of(config()).length();
        return new LayerMemoryReport.Builder(layerName, DecoderLayer.class, inputType, getOutputType(-1, inputType))
                .standardMemory(parameters, parameters)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }
}
