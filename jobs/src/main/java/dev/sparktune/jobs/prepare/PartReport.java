package dev.sparktune.jobs.prepare;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a task tells the driver of its partition. A plain class: Spark's Kryo does not know records. */
final class PartReport implements Serializable {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<Integer, String> files = new LinkedHashMap<>();
    private String tally;

    void wrote(int file, String path) {
        files.put(file, path);
    }

    void counted(String tallyJson) {
        tally = tallyJson;
    }

    /** Index of the directory (split, then quarantine) → the staged file. */
    Map<Integer, String> files() {
        return files;
    }

    Tally tally() {
        return Tally.fromJson(tally);
    }
}
