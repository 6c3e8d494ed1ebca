package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    /** The file is sparse: it takes no room on the disk. */
    @Test
    void tensorsLongerThanTwoGibibytesAndBehindThemAreRead() throws IOException {
        long rows = 540_000_001; // 2.16e9 bytes, and not a whole number of windows
        String header = "{\"long\": {\"dtype\": \"F32\", \"shape\": [" + rows + "], \"data_offsets\": [0, " + 4 * rows
                + "]}, \"behind\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [" + 4 * rows + ", "
                + (4 * rows + 8) + "]}}";
        Path path = directory.resolve("model.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length())
                    .array());
            file.write(header.getBytes(StandardCharsets.US_ASCII));
            file.setLength(8 + header.length() + 4 * rows + 8);
            put(file, 8 + header.length() + 4 * (rows - 1), 1.5f);
            put(file, 8 + header.length() + 4 * rows, 2.5f);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            long[] read = {0};
            float[] last = {0};
            file.read(file.tensors().get("long"), (at, values, n) -> {
                assertThat(at).isEqualTo(read[0]);
                read[0] += n;
                last[0] = values[n - 1];
            });
            assertThat(read[0]).isEqualTo(rows);
            assertThat(last[0]).isEqualTo(1.5f);
            file.read(file.tensors().get("behind"), (at, values, n) -> {
                assertThat(n).isEqualTo(2);
                assertThat(values).startsWith(2.5f, 0f);
            });

            try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
                cut.setLength(100);
            }
            assertThatThrownBy(() -> file.read(file.tensors().get("behind"), (at, values, n) -> {}))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the file ended while it was read");
        }
    }

    private static void put(RandomAccessFile file, long at, float value) throws IOException {
        file.seek(at);
        file.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
    }
}
