package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakReportTest {
    private static final List<String> SPLITS = List.of("train", "validation", "test");

    @TempDir
    Path directory;

    @Test
    void eachValueThatTwoSplitsShareIsCountedOnce() {
        Random random = new Random(11);
        // Few different values of each kind, spread over all bits as hashes are: many are in two splits, or three.
        long[] values = random.longs(3_000).toArray();
        List<Row> keys = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Long group = i % 7 == 0 ? null : Long.valueOf(values[1_000 + random.nextInt(900)]);
            keys.add(RowFactory.create(
                    random.nextInt(3), values[random.nextInt(1_000)], group, values[2_000 + random.nextInt(1_000)]));
        }

        LeakReport report = report(keys);

        assertThat(report.shared()).containsOnlyKeys("train and validation", "train and test", "validation and test");
        for (int a = 0; a < SPLITS.size(); a++) {
            for (int b = a + 1; b < SPLITS.size(); b++) {
                assertThat(report.shared().get(LeakReport.pair(SPLITS.get(a), SPLITS.get(b))))
                        .containsEntry("id", shared(keys, a, b, 1))
                        .containsEntry("group", shared(keys, a, b, 2))
                        .containsEntry("example", shared(keys, a, b, 3));
            }
        }
    }

    @Test
    void whatRepeatsWithinASplitIsNoLeak() {
        Random random = new Random(12);
        List<Row> keys = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int split = i % 3;
            keys.add(RowFactory.create(split, random.nextLong(), 1L << 60 | split, random.nextLong()));
        }

        assertThat(report(keys).shared().values())
                .allSatisfy(kinds -> assertThat(kinds.values()).hasSize(3).containsOnly(0L));
    }

    private LeakReport report(List<Row> keys) {
        Path files = directory.resolve("keys");
        LocalSpark.session()
                .createDataFrame(keys, LeakReport.KEYS)
                .repartition(3)
                .write()
                .parquet(files.toString());
        return LeakReport.of(LocalSpark.session(), new org.apache.hadoop.fs.Path(files.toString()), SPLITS, null);
    }

    private static long shared(List<Row> keys, int split, int other, int kind) {
        Set<Long> both = of(keys, split, kind);
        both.retainAll(of(keys, other, kind));
        assertThat(both).isNotEmpty();
        return both.size();
    }

    private static Set<Long> of(List<Row> keys, int split, int kind) {
        Set<Long> values = new HashSet<>();
        for (Row row : keys) {
            if (row.getInt(0) == split && !row.isNullAt(kind)) {
                values.add(row.getLong(kind));
            }
        }
        return values;
    }
}
