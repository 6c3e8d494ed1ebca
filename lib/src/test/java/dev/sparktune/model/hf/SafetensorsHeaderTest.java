package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
    private static final Path FILE = Path.of("model.safetensors");

    private static final String GOOD = """
            {"__metadata__": {"format": "pt"},
             "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
             "b": {"dtype": "BF16", "shape": [4], "data_offsets": [24, 32]},
             "none": {"dtype": "F16", "shape": [0, 7], "data_offsets": [32, 32]},
             "one": {"dtype": "I64", "shape": [], "data_offsets": [32, 40]}}""";

    @TempDir
    private Path directory;

    @Test
    void tellsWhereTensorsLie() {
        SafetensorsHeader header = parse(GOOD, 40);

        assertThat(header.dataOffset()).isEqualTo(8 + GOOD.length());
        assertThat(header.tensors()).containsOnlyKeys("a", "b", "none", "one");
        SafetensorsHeader.Entry a = header.tensors().get("a");
        assertThat(a.dtype()).isEqualTo(Dtype.F32);
        assertThat(a.shape()).containsExactly(2, 3);
        assertThat(a.begin()).isZero();
        assertThat(a.end()).isEqualTo(24);
        assertThat(header.tensors().get("one").length()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[0, 24]; [0, 25]; gives tensor 'a' 25 bytes, which are no F32 of shape [2, 3]",
                "[0, 24]; [0, 400]; places tensor 'a' at bytes [0, 400], outside its 40 bytes of data",
                "[0, 24]; [24, 0]; places tensor 'a' at bytes [24, 0], outside its 40 bytes of data",
                "[0, 24]; [-24, 0]; has no list of whole numbers as data_offsets of tensor 'a'",
                "[0, 24]; [0, 1e9]; has no list of whole numbers as data_offsets of tensor 'a'",
                "[0, 24]; 24; has no list of whole numbers as data_offsets of tensor 'a'",
                "[0, 24]; [8, 32]; leaves a hole or an overlap before tensor 'a', which begins at 8 where 0 was due",
                "[24, 32]; [16, 24]; leaves a hole or an overlap before tensor 'b', which begins at 16 where 24 was due",
                "[2, 3]; [4611686018427387904, 4]; which are no F32 of shape [4611686018427387904, 4]",
                "[2, 3]; [9223372036854775808]; has no list of whole numbers as shape of tensor 'a'",
                "F32; F31; gives tensor 'a' the unknown dtype 'F31'",
                "\"none\"; \"a\"; has a header that is not valid JSON: Duplicate field 'a'",
                "\"pt\"}; \"pt\"; has a header that is not valid JSON",
                "[4]; [5]; gives tensor 'b' 8 bytes, which are no BF16 of shape [5]",
            })
    void whatIsWrongIsNamed(String part, String instead, String message) {
        assertThat(GOOD).contains(part);

        assertThatThrownBy(() -> parse(GOOD.replace(part, instead), 40))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("the safetensors file model.safetensors ")
                .hasMessageContaining(message);
    }

    @Test
    void bytesThatBelongToNoTensorAreRefused() {
        assertThatThrownBy(() -> parse(GOOD, 41))
                .hasMessage("the safetensors file model.safetensors has 41 bytes of data, but its tensors make 40");
    }

    @Test
    void theLengthIsCheckedBeforeAnythingIsAllocated() throws IOException {
        assertThatThrownBy(() -> open(new byte[3])).hasMessageEndingWith(" has 3 bytes, too few for a header");
        assertThatThrownBy(() -> open(withLength(Long.MIN_VALUE, "{}")))
                .hasMessageEndingWith(" claims a header of 9223372036854775808 bytes; the bound is 100000000");
        assertThatThrownBy(() -> open(withLength(100_000_001, "{}")))
                .hasMessageContaining("100000001 bytes; the bound");
        assertThatThrownBy(() -> open(withLength(90_000_000, "{}")))
                .hasMessageEndingWith(" is cut short: its header has 90000000 bytes, the file 10");
        assertThatThrownBy(() -> open(withLength(2, "[]")))
                .hasMessageEndingWith(" has a header that is no JSON object");
        assertThatThrownBy(() -> open(withLength(2, "\u00ff\u00ff")))
                .hasMessageEndingWith(" has a header that is not UTF-8");
        assertThatThrownBy(() -> open(withLength(60_000, "[".repeat(60_000))))
                .hasMessageContaining(" has a header that is not valid JSON");
    }

    private static SafetensorsHeader parse(String header, long dataBytes) {
        return SafetensorsHeader.parse(ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)), dataBytes, FILE);
    }

    private static byte[] withLength(long length, String header) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private SafetensorsFile open(byte[] bytes) {
        try {
            return SafetensorsFile.open(Files.write(directory.resolve("model.safetensors"), bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
