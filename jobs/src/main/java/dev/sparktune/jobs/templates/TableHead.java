package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.template.TemplateLint.Sample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The first rows of a table, as templates see them in {@code prepare}. */
final class TableHead {
    private TableHead() {}

    /**
     * @param uri a file, or a directory of which the first file is read
     * @throws JobFailure when there is none, or it is not what its name says
     */
    static Sample read(String uri, int rows) throws IOException {
        Storage storage = Storage.of(uri);
        String file = file(storage, uri);
        boolean zipped = file.toLowerCase(Locale.ROOT).endsWith(".gz");
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        try {
            if (name.endsWith(".parquet") && !zipped) {
                return ParquetHead.read(storage.inputFile(file), rows);
            }
            try (InputStream in = zipped ? new GZIPInputStream(storage.open(file)) : storage.open(file)) {
                if (name.endsWith(".csv")) {
                    return CsvHead.read(in, ',', rows);
                } else if (name.endsWith(".tsv")) {
                    return CsvHead.read(in, '\t', rows);
                } else if (name.matches(".*\\.(jsonl|ndjson|json)")) {
                    return JsonRows.head(in, rows);
                }
            }
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new JobFailure(Redaction.text(file) + ": no such file", e);
        } catch (IOException | RuntimeException e) {
            throw new JobFailure(Redaction.text(file) + ": cannot be read: " + e.getMessage(), e);
        }
        throw new JobFailure(
                Redaction.text(file)
                        + ": a table's name must end in .parquet, .csv, .tsv, .jsonl, .ndjson or .json, and .gz behind all but the first");
    }

    /** Spark takes no notice of files that begin with _ or a dot. */
    private static String file(Storage storage, String uri) throws IOException {
        List<String> files = storage.filesBelow(uri);
        if (files.isEmpty()) {
            return uri;
        }
        return files.stream()
                .filter(file -> !file.matches("(.*/)?[_.].*"))
                .min(Comparator.naturalOrder())
                .map(file -> uri.replaceAll("/+$", "") + "/" + file)
                .orElseThrow(() -> new JobFailure(Redaction.text(uri) + ": no table in this directory"));
    }
}
