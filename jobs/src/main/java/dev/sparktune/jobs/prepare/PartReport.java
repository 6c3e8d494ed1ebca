package dev.sparktune.jobs.prepare;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a task tells the driver of its partition. A plain class: Spark's Kryo does not know records. */
final class PartReport implements Serializable {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, String> files = new LinkedHashMap<>();
    private String tally;

    void wrote(String directory, String path) {
        files.put(directory, path);
    }

    void counted(String tallyJson) {
        tally = tallyJson;
    }

    /** Directory below the output → the staged file that belongs there. */
    Map<String, String> files() {
        return files;
    }

    Tally tally() {
        return Tally.fromJson(tally);
    }
}
