package dev.sparktune.jobs.generate;

import dev.sparktune.example.RecordFile;
import dev.sparktune.generate.Completion;
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

/** Writes a file of prompts with what the model made of them, or why they were set aside. */
final class CompletionWriter implements Closeable {
    private static final Schema SCHEMA = SchemaBuilder.record("Completion")
            .namespace("dev.sparktune")
            .fields()
            .requiredString("id")
            .optionalString("prompt")
            .optionalString("completion")
            .optionalString("finish_reason")
            .requiredInt("prompt_tokens")
            .requiredInt("new_tokens")
            .optionalString("set_aside")
            .endRecord();

    private final ParquetWriter<GenericRecord> writer;

    CompletionWriter(Configuration conf, Path file) throws IOException {
        writer = RecordFile.create(conf, file, SCHEMA, List.of());
    }

    void completed(String id, String prompt, int promptTokens, Completion completion) throws IOException {
        GenericRecord row = row(id, prompt, promptTokens);
        row.put("completion", completion.text());
        row.put("finish_reason", completion.finishReason().toString());
        row.put("new_tokens", completion.newTokens());
        writer.write(row);
    }

    void setAside(String id, String prompt, int promptTokens, String reason) throws IOException {
        GenericRecord row = row(id, prompt, promptTokens);
        row.put("set_aside", reason);
        writer.write(row);
    }

    private static GenericRecord row(String id, String prompt, int promptTokens) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put("id", id);
        row.put("prompt", prompt);
        row.put("prompt_tokens", promptTokens);
        row.put("new_tokens", 0);
        return row;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
