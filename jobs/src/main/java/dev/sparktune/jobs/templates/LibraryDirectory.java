package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.template.TemplateLibrary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** A template library: a directory in PromptSource's layout, {@code DATASET[/SUBSET]/templates.yaml}. */
final class LibraryDirectory {
    private static final String FILE = "templates.yaml";
    private static final int MOST_BYTES = 8 << 20;

    private final String uri;
    private final Storage storage;

    LibraryDirectory(String uri) {
        this.uri = uri.replaceAll("(?<=.)/+$", "");
        this.storage = Storage.of(uri);
    }

    /** Names of the data sets, sorted. */
    List<String> datasets() throws IOException {
        List<String> datasets = storage.filesBelow(uri).stream()
                .filter(file -> file.endsWith("/" + FILE))
                .map(file -> file.substring(0, file.length() - FILE.length() - 1))
                .toList();
        if (datasets.isEmpty()) {
            throw new JobFailure(
                    Redaction.text(uri) + ": no DATASET/" + FILE + " or DATASET/SUBSET/" + FILE + " in it");
        }
        return datasets;
    }

    /** The YAML of a data set. */
    String yaml(String dataset) throws IOException {
        String file = uri + "/" + path(dataset);
        try (InputStream in = storage.open(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new JobFailure(Redaction.text(file) + ": longer than " + MOST_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new JobFailure(
                    Redaction.text(uri) + ": has no data set '" + dataset + "'; the nearest is "
                            + Nearest.of(dataset, datasets()),
                    e);
        }
    }

    private static String path(String dataset) {
        try {
            return TemplateLibrary.pathOf(dataset);
        } catch (IllegalArgumentException e) {
            throw new JobFailure("--dataset: " + e.getMessage(), e);
        }
    }
}
