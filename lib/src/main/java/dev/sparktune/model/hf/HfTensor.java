package dev.sparktune.model.hf;

import java.util.List;

/**
 * A tensor of a family's files, and where its elements lie in the decoder's flat vector.
 *
 * @param names under which it may be stored; the first is the one that is written
 * @param shape as stored
 * @param offset of its elements in the vector: they are neighbours there, in this order or another
 * @param order which of them is which
 */
record HfTensor(List<String> names, int[] shape, long offset, Order order) {
    /** Where element {@code stored} of the tensor stands among its elements in the vector. */
    @FunctionalInterface
    interface Order {
        /** The same order. */
        Order SAME = stored -> stored;

        long place(long stored);

        /** Stored {@code [in, out]}, in the vector {@code [out, in]}. */
        static Order transposed(int in, int out) {
            return stored -> stored % out * in + stored / out;
        }

        /**
         * Rows stored head by head, {@code [heads, parts, headDim]}, and in the vector part by part, {@code [parts, heads,
         * headDim]}: queries, keys and values of one map. Each row has {@code columns} elements.
         */
        static Order headByHead(int heads, int parts, int headDim, int columns) {
            long run = (long) headDim * columns;
            return stored -> {
                long head = stored / run / parts;
                long part = stored / run % parts;
                return (part * heads + head) * run + stored % run;
            };
        }
    }

    String name() {
        return names.get(0);
    }

    long length() {
        long length = 1;
        for (int side : shape) {
            length *= side;
        }
        return length;
    }
}
