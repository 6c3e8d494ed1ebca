package dev.sparktune.jobs.prepare;

import java.io.Closeable;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

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
        writer = AvroParquetWriter.<GenericRecord>builder(HadoopOutputFile.fromPath(file, conf))
                .withSchema(SCHEMA)
                .withDataModel(GenericData.get())
                .withConf(conf)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build();
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
