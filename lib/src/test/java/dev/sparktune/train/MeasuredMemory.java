package dev.sparktune.train;

import dev.sparktune.model.kernel.HostKernels;
import dev.sparktune.model.kernel.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Counts what is allocated by kernels and not yet closed; ND4J 1.0.0-M2.1 itself tells nobody what its arrays take. */
final class MeasuredMemory {
    private final List<INDArray> open = new ArrayList<>();
    private long peak;

    /** To be given to a decoder. */
    Kernels kernels() {
        HostKernels kernels = new HostKernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(kernels, arguments);
                        if (result instanceof INDArray array) {
                            allocated(array);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void allocated(INDArray array) {
        open.removeIf(INDArray::wasClosed);
        open.add(array);
        peak = Math.max(peak, bytes());
    }

    private long bytes() {
        return open.stream()
                .mapToLong(array -> array.length() * array.dataType().width())
                .sum();
    }

    /** Most bytes that were open at a time. */
    long peak() {
        return peak;
    }
}
