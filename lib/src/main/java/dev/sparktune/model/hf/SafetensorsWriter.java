package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a safetensors file as PyTorch's loaders expect it. */
final class SafetensorsWriter {

    /** Puts elements {@code [at, at + n)} of a tensor into {@code values}. */
    interface Source {
        void read(HfTensor tensor, long at, float[] values, int n);
    }

    private SafetensorsWriter() {}

    /**
     * @throws ModelFormatException when a number has no place in {@code dtype}: it would become infinite
     */
    static void write(Path file, List<HfTensor> tensors, Dtype dtype, Source source) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header(tensors, dtype));
            float[] values = new float[SafetensorsFile.PIECE];
            ByteBuffer bytes =
                    ByteBuffer.allocate(SafetensorsFile.PIECE * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (HfTensor tensor : tensors) {
                long length = tensor.length();
                for (long at = 0; at < length; at += SafetensorsFile.PIECE) {
                    int n = (int) Math.min(SafetensorsFile.PIECE, length - at);
                    source.read(tensor, at, values, n);
                    dtype.encode(values, bytes, n);
                    if (dtype != Dtype.F32) {
                        checkFinite(tensor, dtype, values, bytes, n);
                    }
                    out.write(bytes.array(), 0, n * dtype.bytes());
                }
            }
        }
    }

    /** Length, JSON, and spaces up to a multiple of 8, so that tensors are aligned when the file is mapped. */
    private static byte[] header(List<HfTensor> tensors, Dtype dtype) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long at = 0;
        for (HfTensor tensor : tensors) {
            long end = at + tensor.length() * dtype.bytes();
            ObjectNode entry = root.putObject(tensor.name()).put("dtype", dtype.name());
            for (int side : tensor.shape()) {
                entry.withArray("shape").add(side);
            }
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = mapper.writeValueAsBytes(root);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    private static void checkFinite(HfTensor tensor, Dtype dtype, float[] values, ByteBuffer bytes, int n) {
        float[] rounded = new float[n];
        dtype.decode(bytes, rounded, n);
        for (int i = 0; i < n; i++) {
            if (Float.isInfinite(rounded[i]) && !Float.isInfinite(values[i])) {
                throw new ModelFormatException("tensor '" + tensor.name() + "' has the value " + values[i] + ", which "
                        + dtype + " cannot hold; save as float32");
            }
        }
    }
}
