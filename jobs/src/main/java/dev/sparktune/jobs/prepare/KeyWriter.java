package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.example.RecordFile;
import dev.sparktune.split.KeyHash;
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

/**
 * Writes hashes of what a record's examples must not share with those of another split, as the examples go to their files: so that
 * {@link LeakReport} need not read all texts again.
 */
final class KeyWriter implements Closeable {
    /** Int: the split's index. */
    static final String SPLIT = "split";
    /** Long: of the record's id. */
    static final String ID = "id";
    /** Long: of its {@code group_id}; null without one. */
    static final String GROUP = "group";
    /** Long: of the prompt and the completion of the longest of the record's examples. */
    static final String EXAMPLE = "example";

    private static final Schema SCHEMA = SchemaBuilder.record("Keys")
            .namespace("dev.sparktune")
            .fields()
            .requiredInt(SPLIT)
            .requiredLong(ID)
            .optionalLong(GROUP)
            .requiredLong(EXAMPLE)
            .endRecord();

    private final ParquetWriter<GenericRecord> writer;
    private int split;
    private long record;
    private Example longest;

    KeyWriter(Configuration conf, Path file) throws IOException {
        writer = RecordFile.create(conf, file, SCHEMA, List.of(ID, GROUP, EXAMPLE));
    }

    /** Examples of one record come one after another. */
    void add(int to, long recordHash, Example example) throws IOException {
        if (longest != null && split == to && record == recordHash) {
            longest = length(example) > length(longest) ? example : longest;
        } else {
            flush();
            split = to;
            record = recordHash;
            longest = example;
        }
    }

    private static int length(Example example) {
        return example.prompt().length() + example.completion().length();
    }

    private void flush() throws IOException {
        if (longest == null) {
            return;
        }
        GenericRecord keys = new GenericData.Record(SCHEMA);
        keys.put(SPLIT, split);
        keys.put(ID, record);
        keys.put(GROUP, longest.groupId() == null ? null : KeyHash.of(GROUP, longest.groupId()));
        keys.put(EXAMPLE, KeyHash.of(longest.prompt(), longest.completion()));
        writer.write(keys);
    }

    /** The last record's keys too; not to be called where something failed, which {@link #close} is for. */
    void finish() throws IOException {
        flush();
        longest = null;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
