package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTableTest {
    @TempDir
    Path directory;

    @Test
    void holdsEveryLineOfTheLogAndNullsWhereALineIsSilent() throws Exception {
        TinyRun run = new TinyRun(directory);
        try (TrainingLog log = new TrainingLog(run.fs(), run.file("training.jsonl"))) {
            log.onStart(0, 20);
            log.onLog(new TrainingListener.LogLine(10, 0.5, 2.25, 1.5, 1e-3, 12345, 800.5));
            log.onEvaluation(new Evaluation(
                    10, 0.5, 2.5, 0.25, 0.75, 3.5, List.of(new Evaluation.Sample("2 + 2 =", " 4", " 5"))));
        }

        TrainingTable.write(
                TrainingLog.read(run.fs(), run.file("training.jsonl")), directory.resolve("training.parquet"));

        List<GenericRecord> rows = read(directory.resolve("training.parquet"));
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("loss")).isEqualTo(2.25);
        assertThat(rows.get(0).get("num_input_tokens_seen")).isEqualTo(12345L);
        assertThat(rows.get(0).get("eval_loss")).isNull();
        assertThat(rows.get(0).get("samples")).isNull();
        assertThat(rows.get(1).get("loss")).isNull();
        assertThat(rows.get(1).get("eval_accuracy")).isEqualTo(0.25);
        assertThat(rows.get(1).get("samples").toString()).contains("\"prompt\": \"2 + 2 =\"", "\"completion\": \" 5\"");
        assertThat(directory.resolve(".training.parquet.crc")).doesNotExist();
    }

    private static List<GenericRecord> read(Path file) throws Exception {
        List<GenericRecord> rows = new ArrayList<>();
        Configuration conf = new Configuration();
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), conf))
                .build()) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
