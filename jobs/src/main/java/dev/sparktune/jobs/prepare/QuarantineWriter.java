package dev.sparktune.jobs.prepare;

import dev.sparktune.example.RecordFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/** Writes rows that were set aside: why, whose they are, and the row itself as JSON. */
final class QuarantineWriter implements Closeable {
    private static final Schema SCHEMA = SchemaBuilder.record("Quarantined")
            .namespace("dev.sparktune")
            .fields()
            .requiredString("reason")
            .optionalString("id")
            .requiredString("row")
            .endRecord();

    private final ParquetWriter<GenericRecord> writer;

    QuarantineWriter(Configuration conf, Path file) throws IOException {
        writer = RecordFile.create(conf, file, SCHEMA, List.of());
    }

    void add(String reason, String id, String row) throws IOException {
        GenericRecord quarantined = new GenericData.Record(SCHEMA);
        quarantined.put("reason", reason);
        quarantined.put("id", id);
        quarantined.put("row", row);
        writer.write(quarantined);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
