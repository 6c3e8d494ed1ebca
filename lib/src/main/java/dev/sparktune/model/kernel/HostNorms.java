package dev.sparktune.model.kernel;

/** Norms over rows, or runs of a row, in host memory; each sum over rows is taken by columns, so that it has one order. */
final class HostNorms {
    private final Workers workers;

    HostNorms(Workers workers) {
        this.workers = workers;
    }

    void rms(HostMatrix x, float[] weight, double eps, HostMatrix out, HostMatrix inverseRms) {
        int n = weight.length;
        int runs = x.columns() / n;
        workers.ranges(x.rows(), x.columns(), (start, end) -> {
            float[] row = new float[n];
            for (int i = start; i < end; i++) {
                for (int run = 0; run < runs; run++) {
                    x.read(i, run * n, row, n);
                    float inverse = (float) (1 / Math.sqrt(FloatMath.dot(row, row, n) / n + eps));
                    for (int j = 0; j < n; j++) {
                        row[j] *= inverse * weight[j];
                    }
                    out.write(i, run * n, row, n);
                    inverseRms.buffer().put(i * runs + run, inverse);
                }
            }
        });
    }

    void rmsGradient(
            HostMatrix dOut, HostMatrix x, float[] weight, HostMatrix inverseRms, HostMatrix dX, HostMatrix dWeight) {
        int n = weight.length;
        int runs = x.columns() / n;
        workers.ranges(x.rows(), 2L * x.columns(), (start, end) -> {
            float[] d = new float[n];
            float[] normed = new float[n];
            float[] sum = new float[n];
            for (int i = start; i < end; i++) {
                for (int run = 0; run < runs; run++) {
                    float inverse = inverseRms.buffer().get(i * runs + run);
                    dOut.read(i, run * n, d, n);
                    x.read(i, run * n, normed, n);
                    dX.read(i, run * n, sum, n);
                    for (int j = 0; j < n; j++) {
                        d[j] *= weight[j];
                        normed[j] *= inverse;
                    }
                    float along = (float) (FloatMath.dot(d, normed, n) / n);
                    for (int j = 0; j < n; j++) {
                        sum[j] += (d[j] - normed[j] * along) * inverse;
                    }
                    dX.write(i, run * n, sum, n);
                }
            }
        });
        if (dWeight == null) {
            return;
        }
        workers.ranges(n, x.rows() * (long) runs, (start, end) -> {
            int width = end - start;
            float[] d = new float[width];
            float[] value = new float[width];
            float[] sum = new float[width];
            for (int i = 0; i < x.rows(); i++) {
                for (int run = 0; run < runs; run++) {
                    float inverse = inverseRms.buffer().get(i * runs + run);
                    dOut.read(i, run * n + start, d, width);
                    x.read(i, run * n + start, value, width);
                    for (int j = 0; j < width; j++) {
                        sum[j] += d[j] * value[j] * inverse;
                    }
                }
            }
            addTo(dWeight, start, sum);
        });
    }

    void layer(HostMatrix x, float[] weight, float[] bias, double eps, HostMatrix out, HostMatrix inverseDeviation) {
        int n = weight.length;
        workers.ranges(x.rows(), 2L * n, (start, end) -> {
            float[] row = new float[n];
            for (int i = start; i < end; i++) {
                x.read(i, 0, row, n);
                subtract((float) mean(row), row);
                float inverse = (float) (1 / Math.sqrt(FloatMath.dot(row, row, n) / n + eps));
                for (int j = 0; j < n; j++) {
                    row[j] = row[j] * inverse * weight[j] + bias[j];
                }
                out.write(i, 0, row, n);
                inverseDeviation.buffer().put(i, inverse);
            }
        });
    }

    void layerGradient(
            HostMatrix dOut,
            HostMatrix x,
            float[] weight,
            HostMatrix inverseDeviation,
            HostMatrix dX,
            HostMatrix dWeight,
            HostMatrix dBias) {
        int n = weight.length;
        int rows = x.rows();
        float[] means = new float[rows];
        workers.ranges(rows, 3L * n, (start, end) -> {
            float[] d = new float[n];
            float[] normed = new float[n];
            float[] sum = new float[n];
            for (int i = start; i < end; i++) {
                float inverse = inverseDeviation.buffer().get(i);
                dOut.read(i, 0, d, n);
                x.read(i, 0, normed, n);
                dX.read(i, 0, sum, n);
                means[i] = (float) mean(normed);
                subtract(means[i], normed);
                for (int j = 0; j < n; j++) {
                    d[j] *= weight[j];
                    normed[j] *= inverse;
                }
                float level = (float) mean(d);
                float along = (float) (FloatMath.dot(d, normed, n) / n);
                for (int j = 0; j < n; j++) {
                    sum[j] += (d[j] - level - normed[j] * along) * inverse;
                }
                dX.write(i, 0, sum, n);
            }
        });
        if (dWeight == null) {
            return;
        }
        workers.ranges(n, rows, (start, end) -> {
            int width = end - start;
            float[] d = new float[width];
            float[] value = new float[width];
            float[] weightSum = new float[width];
            float[] biasSum = new float[width];
            for (int i = 0; i < rows; i++) {
                float inverse = inverseDeviation.buffer().get(i);
                float mean = means[i];
                dOut.read(i, start, d, width);
                x.read(i, start, value, width);
                for (int j = 0; j < width; j++) {
                    weightSum[j] += d[j] * (value[j] - mean) * inverse;
                    biasSum[j] += d[j];
                }
            }
            addTo(dWeight, start, weightSum);
            addTo(dBias, start, biasSum);
        });
    }

    private static double mean(float[] row) {
        return FloatMath.sum(row, row.length) / row.length;
    }

    private static void subtract(float level, float[] row) {
        for (int j = 0; j < row.length; j++) {
            row[j] -= level;
        }
    }

    private static void addTo(HostMatrix vector, int start, float[] sum) {
        float[] before = new float[sum.length];
        vector.read(0, start, before, sum.length);
        FloatMath.add(before, sum, sum.length);
        vector.write(0, start, sum, sum.length);
    }
}
