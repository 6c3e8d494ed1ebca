package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.progress.Bytes;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatIsInUseCounts() {
        try (FloatPointer used = new FloatPointer(1 << 20)) {
            long rest = Pointer.maxBytes() - used.capacity() * Float.BYTES;

            assertThatThrownBy(() -> TensorRoom.require("m", rest + 1, ""))
                    .hasMessageMatching("m take .* for tensors, of which .* are in use: raise -D\\S+ in \\S+");
        }
    }

    /** The library's own error, so that a new version with other words is noticed. */
    @Test
    void anErrorOfTheTensorsLibrarySaysWhichSettingHelps() {
        OutOfMemoryError error = null;
        try (FloatPointer huge = new FloatPointer(Pointer.maxBytes())) {
            assertThat(huge.capacity()).as("it must not fit").isNegative();
        } catch (OutOfMemoryError e) {
            error = e;
        }

        assertThat(TensorRoom.shortage("evaluate.model: answering with m", error, ""))
                .get()
                .asString()
                .contains("evaluate.model: answering with m took all memory that this process may take for tensors"
                        + " (Failed to allocate memory within limits: ");
        assertThat(TensorRoom.shortage("m", (OutOfMemoryError) new OutOfMemoryError().initCause(error), ""))
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
