package dev.sparktune.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/** {@code training.parquet}: the lines of a {@link TrainingLog} as a table; what a line does not say is null. */
public final class TrainingTable {
    private static final List<String> NUMBERS = List.of(
            "epoch",
            "loss",
            "grad_norm",
            "learning_rate",
            "tokens_per_second",
            "eval_loss",
            "eval_accuracy",
            "eval_mean_token_accuracy",
            "eval_runtime");

    private static final Schema SAMPLE = SchemaBuilder.record("sample")
            .fields()
            .requiredString("prompt")
            .requiredString("label")
            .requiredString("completion")
            .endRecord();

    private static final Schema LINE = schema();

    private TrainingTable() {}

    private static Schema schema() {
        var fields = SchemaBuilder.record("training_line")
                .fields()
                .requiredLong("step")
                .optionalLong("num_input_tokens_seen");
        for (String number : NUMBERS) {
            fields = fields.optionalDouble(number);
        }
        return fields.name("samples")
                .type()
                .unionOf()
                .nullType()
                .and()
                .array()
                .items(SAMPLE)
                .endUnion()
                .nullDefault()
                .endRecord();
    }

    /** Writes the table to a file of this machine, over an older one. */
    public static void write(List<JsonNode> lines, Path file) throws IOException {
        Configuration local = new Configuration();
        // Without the checksum file that Hadoop lays beside each local file.
        local.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
        local.setBoolean("fs.file.impl.disable.cache", true);
        try (ParquetWriter<GenericData.Record> writer = AvroParquetWriter.<GenericData.Record>builder(
                        HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), local))
                .withConf(local)
                .withSchema(LINE)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .config(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, "false")
                .build()) {
            for (JsonNode line : lines) {
                writer.write(record(line));
            }
        }
    }

    private static GenericData.Record record(JsonNode line) {
        GenericData.Record record = new GenericData.Record(LINE);
        record.put("step", line.path("step").asLong());
        if (line.has("num_input_tokens_seen")) {
            record.put(
                    "num_input_tokens_seen", line.get("num_input_tokens_seen").asLong());
        }
        for (String number : NUMBERS) {
            if (line.hasNonNull(number)) {
                record.put(number, line.get(number).asDouble());
            }
        }
        if (line.has("samples")) {
            List<GenericData.Record> samples = new ArrayList<>();
            for (JsonNode sample : line.get("samples")) {
                GenericData.Record row = new GenericData.Record(SAMPLE);
                for (Schema.Field field : SAMPLE.getFields()) {
                    row.put(field.name(), sample.path(field.name()).asText());
                }
                samples.add(row);
            }
            record.put("samples", samples);
        }
        return record;
    }
}
