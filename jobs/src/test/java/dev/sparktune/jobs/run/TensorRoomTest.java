package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sparktune.progress.Bytes;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class TensorRoomTest {
    @Test
    void weightsThatDoNotFitAreNamedWithWhatTheyTakeAndWhatThereIs() {
        long bound = Pointer.maxBytes();

        assertThatNoException().isThrownBy(() -> TensorRoom.require("m", 1, ""));
        assertThatThrownBy(() -> TensorRoom.require(
                        "evaluate.model: the weights of hdfs://nn/m", bound + 1, "set evaluate.dtype=bfloat16"))
                .isInstanceOf(OutOfTensorMemoryException.class)
                .hasMessageStartingWith("evaluate.model: the weights of hdfs://nn/m take " + new Bytes(bound + 1)
                        + ", but this process may take " + new Bytes(bound) + " for tensors")
                .hasMessageEndingWith(": raise -Dorg.bytedeco.javacpp.maxbytes in spark.driver.extraJavaOptions, or set"
                        + " evaluate.dtype=bfloat16");
    }

    /** The libraries' own failures, so that a new version with other words is noticed. */
    @Test
    void aFailureOfTheTensorsLibrariesSaysWhichSettingHelps() {
        Throwable ofJavacpp = catchThrowable(() -> new FloatPointer(Pointer.maxBytes()).close());
        Throwable ofNd4j = catchThrowable(
                () -> Nd4j.createUninitialized(DataType.FLOAT, 1L << 46).close());

        assertThat(TensorRoom.shortage("evaluate.model: answering with m", ofJavacpp, ""))
                .get()
                .asString()
                .contains(
                        "evaluate.model: answering with m: this process has no more memory for tensors (Failed to allocate"
                                + " memory within limits: ");
        assertThat(TensorRoom.shortage("m", ofNd4j, ""))
                .get()
                .asString()
                .contains("no more memory for tensors (Allocation failed: [std::bad_alloc]): raise -D");
        assertThat(TensorRoom.shortage("m", new OutOfMemoryError().initCause(ofJavacpp), ""))
                .as("as another thread of the pool hands it on")
                .isPresent();
    }

    @Test
    void anErrorOfTheJavaHeapStaysWhatItIs() {
        assertThat(TensorRoom.shortage("m", new OutOfMemoryError("Java heap space"), ""))
                .isEmpty();
    }

    @Test
    void bfloat16IsNamedWhereItWouldHelp() {
        assertThat(ModelLoader.smaller("evaluate.model", "float32")).isEqualTo("set evaluate.dtype=bfloat16");
        assertThat(ModelLoader.smaller("model.base", "float32"))
                .isEqualTo("set model.dtype=bfloat16 with train.method=lora");
        assertThat(ModelLoader.smaller("generate.model", "bfloat16")).isEmpty();
        assertThat(ModelLoader.smaller("pretrain", "float32")).isEmpty();
    }
}
