package dev.sparktune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.token.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

class DecoderLayerTest {
    // Two examples; the second has two tokens of padding, and one place in its middle without a loss.
    private static final double[][] IDS = {{3, 1, 6, 0, 4}, {2, 5, 5, 0, 0}};
    private static final double[][] TARGETS = {{1, 6, 0, 4, 2}, {5, 5, 6, 0, 0}};
    private static final double[][] MASK = {{0, 0, 1, 1, 1}, {1, 0, 1, 0, 0}};

    @AfterAll
    static void restoreTheDefaultTypeThatTheGradientCheckSets() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static MultiLayerNetwork network(boolean tied, DataType type, IUpdater updater) {
        DecoderConfig config = DecoderConfig.llama(7, 6, 5, 1, 2, 1, 4, 8, 1e-5, 50, tied);
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(4)
                .updater(updater)
                .list()
                .layer(new DecoderLayer(config, 0.4))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        return network;
    }

    private static INDArray array(double[][] rows, DataType type) {
        return Nd4j.create(rows).castTo(type);
    }

    private static DataSet data(DataType type) {
        return new DataSet(array(IDS, type), array(TARGETS, type), null, array(MASK, type));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesTheGradientCheckOfDeeplearning4j(boolean tied) {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        MultiLayerNetwork network = network(tied, DataType.DOUBLE, new NoOp());
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(array(IDS, DataType.DOUBLE))
                        .labels(array(TARGETS, DataType.DOUBLE))
                        .labelMask(array(MASK, DataType.DOUBLE))
                        .epsilon(1e-5)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-8)
                        .exitOnFirstError(true)
                        .subset(true)
                        .maxPerParam(8)))
                .isTrue();
    }

    @Test
    void aNetworkTrainsWithItsOwnUpdaterAndListeners() {
        MultiLayerNetwork network = network(true, DataType.FLOAT, new Adam(0.02));
        List<Double> scores = new ArrayList<>();
        network.addListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                scores.add(model.score());
            }
        });
        for (int i = 0; i < 30; i++) {
            network.fit(data(DataType.FLOAT));
        }
        assertThat(scores).hasSize(30);
        assertThat(scores.get(0)).isGreaterThan(4);
        assertThat(network.score(data(DataType.FLOAT))).isLessThan(1);
    }

    @Test
    void itsParametersAndScoresAreThoseOfTheDecoder() {
        MultiLayerNetwork network = network(false, DataType.FLOAT, new NoOp());
        DecoderConfig config = ((DecoderLayer) network.getLayer(0).conf().getLayer()).config();
        try (Decoder decoder = Decoder.create(config, DataType.FLOAT)) {
            decoder.initialize(4, 0.4);
            assertThat(network.params().toFloatVector())
                    .containsExactly(decoder.parameters().toFloatVector());
            PackedBatch batch = new PackedBatch(
                    new int[] {3, 1, 6, 0, 4, 2, 5, 5}, new int[] {0, 5, 8}, new int[] {2, 3, 4, 5, 7}, new int[] {
                        0, 4, 2, 5, 6
                    });
            double[] logProbs = decoder.logProbs(batch);
            double first = -logProbs[0] - logProbs[1] - logProbs[2];
            double second = -logProbs[3] - logProbs[4];
            assertThat(network.score(data(DataType.FLOAT))).isCloseTo((first + second) / 2, within(1e-5));
            assertThat(network.scoreExamples(data(DataType.FLOAT), false).toDoubleVector())
                    .containsExactly(new double[] {first, second}, within(1e-5));

            INDArray output = network.output(array(IDS, DataType.FLOAT).reshape(2, 1, 5));
            assertThat(output.shape()).containsExactly(2, 7, 5);
            assertThat(Math.log(output.getDouble(1, 6, 2))).isCloseTo(logProbs[4], within(1e-5));
        }
    }

    @Test
    void itsConfigurationTravelsAsJson() {
        MultiLayerNetwork network = network(true, DataType.FLOAT, new Adam(0.1));
        String json = network.getLayerWiseConfigurations().toJson();
        MultiLayerNetwork other = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
        other.init();
        assertThat(((DecoderLayer) other.getLayer(0).conf().getLayer()).config())
                .isEqualTo(((DecoderLayer) network.getLayer(0).conf().getLayer()).config());
        assertThat(other.params()).isEqualTo(network.params());
    }
}
