package dev.sparktune.example;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/** Writes examples to one Parquet file, zstd-compressed; the file is whole only after {@link #close}. */
public final class ExampleWriter implements Closeable {
    /** Columns in which a dictionary would be built in vain; those of a conversation by their paths. */
    private static final List<String> SELDOM_REPEATED = List.of(
            ExampleSchema.ID,
            ExampleSchema.GROUP_ID,
            ExampleSchema.PROMPT,
            ExampleSchema.COMPLETION,
            ExampleSchema.TARGET_LABEL,
            ExampleSchema.PROMPT + ".list.element.content",
            ExampleSchema.COMPLETION + ".list.element.content",
            ExampleForm.CONVERSATION + ".list.element.content");

    private final ParquetWriter<Encoded> writer;
    private final ExampleForm form;
    private final RepeatedTexts repeated = new RepeatedTexts();
    private long rows;

    /** An example as a file of this form takes it. */
    public static final class Encoded {
        private final Object[] values;

        private Encoded(Object[] values) {
            this.values = values;
        }

        /** What {@link ExampleWriteSupport} takes; null for null. */
        Object value(int column) {
            return values[column];
        }
    }

    /** In the form that this project reads. */
    public ExampleWriter(Configuration conf, Path file) throws IOException {
        this(conf, file, ExampleForm.PROMPT_COMPLETION);
    }

    /** @throws IOException when the file exists or cannot be made */
    public ExampleWriter(Configuration conf, Path file, ExampleForm form) throws IOException {
        this.form = form;
        writer = RecordFile.create(conf, file, new ExampleWriteSupport(form), SELDOM_REPEATED);
    }

    public void add(Example example) throws IOException {
        add(encoded(example));
    }

    /** Writes nothing: whoever keeps examples for a while before they are written holds their bytes, and fewer objects. */
    public Encoded encoded(Example example) {
        return new Encoded(form.encoded(example, repeated));
    }

    public void add(Encoded example) throws IOException {
        writer.write(example);
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
}
