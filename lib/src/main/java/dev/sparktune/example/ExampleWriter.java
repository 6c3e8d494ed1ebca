package dev.sparktune.example;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/** Writes examples to one Parquet file, zstd-compressed; the file is whole only after {@link #close}. */
public final class ExampleWriter implements Closeable {
    private final ParquetWriter<GenericRecord> writer;
    private long rows;

    /** @throws IOException when the file exists or cannot be made */
    public ExampleWriter(Configuration conf, Path file) throws IOException {
        writer = RecordFile.create(conf, file, ExampleSchema.AVRO);
    }

    public void add(Example example) throws IOException {
        writer.write(record(example));
        rows++;
    }

    /** Examples added so far. */
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static GenericRecord record(Example example) {
        List<Object> values = Arrays.asList(
                example.id(),
                example.groupId(),
                example.stratum(),
                example.source(),
                example.task(),
                example.templateId(),
                example.templateHash(),
                example.prompt(),
                example.completion(),
                example.answerChoices(),
                example.targetLabel());
        GenericRecord record = new GenericData.Record(ExampleSchema.AVRO);
        for (int i = 0; i < values.size(); i++) {
            record.put(i, values.get(i));
        }
        return record;
    }
}
