package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are nearly right: each is read, or refused in one clear sentence, and costs no more memory than a small file may.
 * {@code -Dsparktune.fuzz=1000000} for more rounds.
 */
class SafetensorsFuzzTest {
    private static final int ROUNDS = Integer.getInteger("sparktune.fuzz", 5_000);
    private static final long MOST_MEMORY = 4 << 20;
    private static final String[] NAMES = {
        "a", "b", "model.norm.weight", "", "\\u0061", "é", "__metadata__", "x".repeat(300)
    };
    private static final String[] DTYPES = {"F32", "F16", "BF16", "I64", "BOOL", "F31", "f32", ""};
    private static final String[] NUMBERS = {
        "-1",
        "0",
        "1",
        "1e1",
        "2.5",
        "null",
        "\"3\"",
        "[]",
        "4611686018427387904",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "true",
        "007"
    };

    @TempDir
    private Path directory;

    private final Random random = new Random(22);

    @Test
    void everyFileIsReadOrRefusedClearly() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = directory.resolve("model.safetensors");
        int refused = 0;
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = file();
            Files.write(file, bytes);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                read += readAll(file);
            } catch (ModelFormatException e) {
                refused++;
                assertThat(e.getMessage()).contains(file.toString()).hasSizeLessThan(1_000);
            } catch (IOException | RuntimeException | StackOverflowError e) {
                fail("round " + round + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
            }
            long memory = threads.getCurrentThreadAllocatedBytes() - before;
            if (round > 100) { // by then, classes are loaded
                assertThat(memory).as("memory for round %d", round).isLessThan(MOST_MEMORY);
            }
        }
        // Both happen often enough to mean something.
        assertThat(refused).isGreaterThan(ROUNDS / 4);
        assertThat(read).isGreaterThan(ROUNDS / 50);
    }

    /** How many tensors could be read to their ends. */
    private static int readAll(Path file) throws IOException {
        int read = 0;
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            for (SafetensorsHeader.Entry entry : open.tensors().values()) {
                long[] seen = {0};
                open.read(entry, (at, values, n) -> seen[0] += n);
                assertThat(seen[0]).isEqualTo(entry.length());
                read++;
            }
        }
        return read;
    }

    private byte[] file() {
        List<String> entries = new ArrayList<>();
        int data = 0;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int rows = random.nextInt(4);
            int columns = 1 + random.nextInt(5);
            String dtype = one(DTYPES, 3);
            int end = data + rows * columns * (dtype.equals("F32") ? 4 : dtype.equals("I64") ? 8 : 2);
            String shape = "[" + number(rows) + ", " + number(columns) + "]";
            String offsets = "[" + number(data) + ", " + number(end) + "]";
            String name = random.nextInt(3) == 0 ? one(NAMES, NAMES.length) : "t" + i;
            entries.add("\"" + name + "\": {\"dtype\": \"" + dtype + "\", \"shape\": " + shape + ", \"data_offsets\": "
                    + offsets + "}");
            data = end;
        }
        if (random.nextInt(40) == 0) {
            entries.add("\"deep\": " + "[".repeat(2_000));
        }
        byte[] header = mutated(("{" + String.join(", ", entries) + "}").getBytes(StandardCharsets.UTF_8));
        if (random.nextInt(20) == 0) {
            data += random.nextInt(9) - 4; // a byte too many or too few
        }
        byte[] bytes = ByteBuffer.allocate(Long.BYTES + header.length + Math.max(0, data))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(random.nextInt(20) == 0 ? random.nextLong() >>> random.nextInt(64) : header.length)
                .put(header)
                .array();
        return random.nextInt(30) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private String number(long right) {
        return random.nextInt(30) == 0 ? one(NUMBERS, NUMBERS.length) : Long.toString(right);
    }

    /** One of them, most often of the first. */
    private String one(String[] all, int likely) {
        return all[random.nextInt(random.nextInt(12) == 0 ? all.length : likely)];
    }

    /** One time in three with another byte or two, most of them such as JSON is made of. */
    private byte[] mutated(byte[] header) {
        for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            header[random.nextInt(header.length)] = (byte)
                    (random.nextInt(4) == 0 ? random.nextInt(256) : "0123456789[]{}\",:-eE".charAt(random.nextInt(20)));
        }
        return header;
    }
}
