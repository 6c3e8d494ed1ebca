package dev.sparktune.jobs.prepare;

import dev.sparktune.example.ExampleWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes one sorted partition of {@link RenderedRow}s, a file for each directory that occurs in it, under a name of this
 * attempt's own. Only what a successful task reports gets its final name: a retried or speculated task does no harm.
 */
final class PartWriter implements Function2<Integer, Iterator<Row>, Iterator<PartReport>> {
    private static final long serialVersionUID = 1;

    private final SerializableConfiguration configuration;
    private final String staging;
    private final int splits;

    PartWriter(SerializableConfiguration configuration, String staging, int splits) {
        this.configuration = configuration;
        this.staging = staging;
        this.splits = splits;
    }

    @Override
    public Iterator<PartReport> call(Integer part, Iterator<Row> rows) throws IOException {
        PartReport report = new PartReport();
        int open = -1;
        Sink sink = null;
        try {
            while (rows.hasNext()) {
                Row row = rows.next();
                int file = RenderedRow.file(row);
                if (file > splits) {
                    report.counted(RenderedRow.json(row));
                    continue;
                }
                if (file != open) {
                    close(sink);
                    sink = null;
                    String name = staging + "/" + part + "-" + file + "-"
                            + TaskContext.get().taskAttemptId() + ".parquet";
                    sink = file == splits ? quarantine(new Path(name)) : examples(new Path(name));
                    open = file;
                    report.wrote(file, name);
                }
                sink.add(row);
            }
        } finally {
            close(sink);
        }
        return List.of(report).iterator();
    }

    private Sink examples(Path file) throws IOException {
        ExampleWriter writer = new ExampleWriter(conf(file), file);
        return new Sink() {
            @Override
            public void add(Row row) throws IOException {
                writer.add(RenderedRow.toExample(row));
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    private Sink quarantine(Path file) throws IOException {
        QuarantineWriter writer = new QuarantineWriter(conf(file), file);
        return new Sink() {
            @Override
            public void add(Row row) throws IOException {
                writer.add(RenderedRow.reason(row), RenderedRow.id(row), RenderedRow.json(row));
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    /** On local disks no checksum file beside each file, as everywhere in these outputs. */
    private Configuration conf(Path file) throws IOException {
        Configuration conf = configuration.value();
        file.getFileSystem(conf).setWriteChecksum(false);
        return conf;
    }

    private static void close(Sink sink) throws IOException {
        if (sink != null) {
            sink.close();
        }
    }

    private interface Sink extends Closeable {
        void add(Row row) throws IOException;
    }
}
