package dev.sparktune.model;

import dev.sparktune.model.kernel.Views;
import dev.sparktune.token.PackedBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A {@link DecoderLayer} at work: turns Deeplearning4j's padded arrays into packed batches and calls the decoder. */
final class DecoderLayerRuntime extends AbstractLayer<DecoderLayer> implements IOutputLayer {
    private static final long serialVersionUID = 1;

    private final transient Decoder decoder;
    private final transient INDArray flat;
    private final transient Map<String, INDArray> tensors;
    private transient INDArray gradientView;
    private transient Map<String, INDArray> gradients;
    private transient INDArray labels;
    private transient Gradient gradient;
    private double score;

    /** The loss that the backward pass found on the way, for the score that is asked for next. NaN: none. */
    private double lossOfBackprop = Double.NaN;

    DecoderLayerRuntime(
            NeuralNetConfiguration conf, DataType dataType, INDArray paramsView, Map<String, INDArray> tensors) {
        super(conf, dataType);
        DecoderConfig config = ((DecoderLayer) conf.getLayer()).config();
        long length = ParameterLayout.of(config).length();
        flat = paramsView;
        decoder = new Decoder(config, Decoder.kernels(dataType), Views.vector(paramsView, 0, length));
        this.tensors = tensors;
    }

    // ---- the loss

    /**
     * Each row up to its last loss, so that padding on the right costs nothing; positions as in the label mask.
     */
    private PackedBatch batch() {
        if (input == null || labels == null) {
            throw new IllegalStateException("the decoder layer has no features or no labels: " + layerId());
        }
        int[][] ids = rows(input);
        int[][] targets = rows(labels);
        boolean[][] loss = new boolean[ids.length][ids[0].length];
        for (int e = 0; e < ids.length; e++) {
            for (int t = 0; t < ids[e].length; t++) {
                loss[e][t] = maskArray == null || maskArray.getDouble(e, t) != 0;
            }
        }
        return pack(ids, targets, loss);
    }

    private static PackedBatch pack(int[][] ids, int[][] targets, boolean[][] loss) {
        int[] starts = new int[ids.length + 1];
        int count = 0;
        for (int e = 0; e < ids.length; e++) {
            int length = ids[e].length;
            while (length > 0 && !loss[e][length - 1]) {
                length--;
            }
            // Without any loss the row stays whole: a batch must hold tokens.
            starts[e + 1] = starts[e] + (length == 0 ? ids[e].length : length);
            for (int t = 0; t < length; t++) {
                count += loss[e][t] ? 1 : 0;
            }
        }
        int[] packed = new int[starts[ids.length]];
        int[] positions = new int[count];
        int[] packedTargets = new int[count];
        int next = 0;
        for (int e = 0; e < ids.length; e++) {
            int length = starts[e + 1] - starts[e];
            System.arraycopy(ids[e], 0, packed, starts[e], length);
            for (int t = 0; t < length; t++) {
                if (loss[e][t]) {
                    positions[next] = starts[e] + t;
                    packedTargets[next++] = targets[e][t];
                }
            }
        }
        return new PackedBatch(packed, starts, positions, packedTargets);
    }

    /** {@code [examples, tokens]} or {@code [examples, 1, tokens]} as ids. */
    private static int[][] rows(INDArray array) {
        boolean wide = array.rank() == 3 && array.size(1) == 1;
        if (array.rank() != 2 && !wide) {
            throw new IllegalArgumentException("token ids must be [examples, tokens] or [examples, 1, tokens], but are "
                    + Arrays.toString(array.shape()));
        }
        return array.dup('c')
                .reshape('c', array.size(0), array.size(array.rank() - 1))
                .toIntMatrix();
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        decoder.zeroGradients();
        lossOfBackprop = decoder.forwardBackward(batch(), 1, BlockListener.NONE);
        Gradient result = new DefaultGradient(gradientView);
        gradients.forEach((name, view) -> result.setGradientFor(name, view, 'c'));
        gradient = result;
        // Ids have no gradient, and there is no layer below.
        return new Pair<>(result, null);
    }

    @Override
    public double computeScore(double fullNetworkRegularization, boolean training, LayerWorkspaceMgr workspaceMgr) {
        double loss = lossOfBackprop;
        if (Double.isNaN(loss)) {
            loss = -Arrays.stream(decoder.logProbs(batch())).sum();
        }
        lossOfBackprop = Double.NaN;
        score = loss / getInputMiniBatchSize() + fullNetworkRegularization;
        return score;
    }

    @Override
    public INDArray computeScoreForExamples(double fullNetworkRegularization, LayerWorkspaceMgr workspaceMgr) {
        PackedBatch batch = batch();
        double[] logProbs = decoder.logProbs(batch);
        INDArray scores = workspaceMgr.create(ArrayType.ACTIVATIONS, dataType, new long[] {batch.examples(), 1}, 'c');
        scores.assign(fullNetworkRegularization);
        int example = 0;
        for (int i = 0; i < logProbs.length; i++) {
            while (batch.lossPositions()[i] >= batch.starts()[example + 1]) {
                example++;
            }
            scores.putScalar(example, 0, scores.getDouble(example, 0) - logProbs[i]);
        }
        return scores;
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaceMgr) {
        backpropGradient(null, workspaceMgr);
        computeScore(0, true, workspaceMgr);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        int[][] ids = rows(input);
        boolean[][] everywhere = new boolean[ids.length][ids[0].length];
        for (boolean[] row : everywhere) {
            Arrays.fill(row, true);
        }
        INDArray logits = decoder.logits(pack(ids, ids, everywhere));
        INDArray probabilities = Transforms.softmax(logits, true)
                .reshape('c', ids.length, ids[0].length, decoder.config().vocabSize());
        return workspaceMgr.dup(ArrayType.ACTIVATIONS, probabilities.permute(0, 2, 1), 'c');
    }

    @Override
    public INDArray activate(INDArray features, boolean training, LayerWorkspaceMgr workspaceMgr) {
        setInput(features, workspaceMgr);
        return activate(training, workspaceMgr);
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        lossOfBackprop = Double.NaN;
    }

    @Override
    public void setLabels(INDArray labels) {
        this.labels = labels;
        lossOfBackprop = Double.NaN;
    }

    @Override
    public INDArray getLabels() {
        return labels;
    }

    @Override
    public boolean needsLabels() {
        return true;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // No weight noise.
    }

    @Override
    public void clear() {
        super.clear();
        labels = null;
    }

    @Override
    public double score() {
        return score;
    }

    @Override
    public Gradient gradient() {
        return gradient;
    }

    @Override
    public double calcRegularizationScore(boolean backpropOnlyParams) {
        double sum = 0;
        for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
            List<Regularization> terms = layerConf().getRegularizationByParam(tensor.getKey());
            if (terms != null) {
                for (Regularization term : terms) {
                    sum += term.score(tensor.getValue(), getIterationCount(), getEpochCount());
                }
            }
        }
        return sum;
    }

    // ---- the flat vectors and their parts

    @Override
    public INDArray params() {
        return flat;
    }

    @Override
    public long numParams() {
        return flat.length();
    }

    @Override
    public long numParams(boolean backwards) {
        return numParams();
    }

    @Override
    public void setParams(INDArray params) {
        if (params != flat) {
            flat.assign(params.reshape(flat.shape()));
        }
    }

    @Override
    public void setParamsViewArray(INDArray params) {
        throw new UnsupportedOperationException("the decoder keeps the vector that it was made over");
    }

    @Override
    public Map<String, INDArray> paramTable() {
        return tensors;
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return tensors;
    }

    @Override
    public INDArray getParam(String name) {
        return tensors.get(name);
    }

    @Override
    public void setParam(String name, INDArray value) {
        tensors.get(name).assign(value);
    }

    @Override
    public void setParamTable(Map<String, INDArray> table) {
        table.forEach(this::setParam);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradientView) {
        this.gradientView = gradientView;
        gradients = layerConf().initializer().getGradientsFromFlattened(conf, gradientView);
        decoder.useGradients(Views.vector(gradientView, 0, gradientView.length()));
    }

    @Override
    public INDArray getGradientsViewArray() {
        return gradientView;
    }

    // ---- what a classifier of rows would do, and a language model does not

    @Override
    public double f1Score(DataSet data) {
        throw noClassifier();
    }

    @Override
    public double f1Score(INDArray examples, INDArray labels) {
        throw noClassifier();
    }

    @Override
    public int numLabels() {
        return decoder.config().vocabSize();
    }

    @Override
    public void fit(DataSetIterator iterator) {
        throw noClassifier();
    }

    @Override
    public void fit(INDArray examples, INDArray labels) {
        throw noClassifier();
    }

    @Override
    public void fit(DataSet data) {
        throw noClassifier();
    }

    @Override
    public void fit(INDArray examples, int[] labels) {
        throw noClassifier();
    }

    @Override
    public int[] predict(INDArray examples) {
        throw noClassifier();
    }

    @Override
    public List<String> predict(DataSet data) {
        throw noClassifier();
    }

    private static UnsupportedOperationException noClassifier() {
        return new UnsupportedOperationException("a decoder layer is trained and asked through its network");
    }
}
