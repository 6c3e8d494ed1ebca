package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleWriter;
import dev.sparktune.jobs.run.LocalChecksums;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.KeyHash;
import dev.sparktune.split.SplitFractions;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Renders and writes one partition of rows, a file for each directory that it has something for, under a name of this attempt's
 * own. Only what a successful task reports gets its final name: a retried or speculated task does no harm.
 */
final class PartWriter implements Function2<Integer, Iterator<Row>, Iterator<PartReport>> {
    private static final long serialVersionUID = 1;

    private final SerializableConfiguration configuration;
    private final String staging;
    private final RecordRenderer renderer;
    private final SplitFractions splits;
    private final String salt;
    private final ArrayList<ExampleForm> forms;

    PartWriter(
            SerializableConfiguration configuration,
            String staging,
            RecordRenderer renderer,
            BucketMap map,
            List<ExampleForm> forms) {
        this.configuration = configuration;
        this.staging = staging;
        this.renderer = renderer;
        this.splits = map.fractions();
        this.salt = map.salt();
        this.forms = new ArrayList<>(forms);
    }

    @Override
    public Iterator<PartReport> call(Integer part, Iterator<Row> rows) throws IOException {
        try (OpenFiles files = new OpenFiles(part)) {
            files.report.counted(renderer.render(rows, files).toJson());
            files.flush();
            return List.of(files.report).iterator();
        }
    }

    private Configuration conf(Path file) throws IOException {
        Configuration conf = configuration.value();
        LocalChecksums.ignore(file.getFileSystem(conf));
        return conf;
    }

    /** The files of one partition: opened when the first row for them comes. */
    private final class OpenFiles implements RecordRenderer.Output, Closeable {
        private final int part;
        private final PartReport report = new PartReport();
        private final Deque<Closeable> open = new ArrayDeque<>();
        private final Map<Integer, SplitFiles> examples = new HashMap<>();
        private QuarantineWriter quarantine;
        private KeyWriter keys;

        OpenFiles(int part) {
            this.part = part;
        }

        @Override
        public void example(int split, long recordHash, Example example) throws IOException {
            SplitFiles files = examples.get(split);
            if (files == null) {
                files = opened(splits.name(split));
                examples.put(split, files);
            }
            files.add(recordHash, example);
            keys.add(split, recordHash, example);
        }

        @Override
        public void quarantined(String reason, String id, String row) throws IOException {
            if (quarantine == null) {
                Path file = staged(RenderedFiles.QUARANTINE);
                quarantine = new QuarantineWriter(conf(file), file);
                open.push(quarantine);
            }
            quarantine.add(reason, id, row);
        }

        private SplitFiles opened(String split) throws IOException {
            if (keys == null) {
                Path file = staged(RenderedFiles.KEYS);
                keys = new KeyWriter(conf(file), file);
                open.push(keys);
            }
            List<ExampleWriter> writers = new ArrayList<>();
            for (ExampleForm form : forms) {
                Path file = staged(RenderedFiles.directory(form, split));
                writers.add(new ExampleWriter(conf(file), file, form));
                open.push(writers.get(writers.size() - 1));
            }
            return new SplitFiles(salt, writers);
        }

        private Path staged(String directory) {
            Path file = new Path(
                    staging,
                    part + "-" + directory.replace('/', '-') + "-"
                            + TaskContext.get().taskAttemptId() + ".parquet");
            report.wrote(directory, file.toString());
            return file;
        }

        void flush() throws IOException {
            for (SplitFiles files : examples.values()) {
                files.order.flush();
            }
            if (keys != null) {
                keys.finish();
            }
        }

        @Override
        public void close() throws IOException {
            IOException failure = null;
            while (!open.isEmpty()) {
                try {
                    open.pop().close();
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** A split's files of one partition, one of each form. */
    private static final class SplitFiles {
        private final String salt;
        private final Map<String, Long> saltOf = new HashMap<>();
        private final List<ExampleWriter> writers;
        private final SeededOrder<ExampleWriter.Encoded[]> order = new SeededOrder<>(this::write);

        SplitFiles(String salt, List<ExampleWriter> writers) {
            this.salt = salt + "/order";
            this.writers = writers;
        }

        void add(long recordHash, Example example) throws IOException {
            ExampleWriter.Encoded[] forms = new ExampleWriter.Encoded[writers.size()];
            for (int i = 0; i < forms.length; i++) {
                forms[i] = writers.get(i).encoded(example);
            }
            long own = saltOf.computeIfAbsent(example.templateId(), template -> KeyHash.of(salt, template));
            order.add(KeyHash.mixed(recordHash, own), forms);
        }

        private void write(ExampleWriter.Encoded[] forms) throws IOException {
            for (int i = 0; i < forms.length; i++) {
                writers.get(i).add(forms[i]);
            }
        }
    }
}
