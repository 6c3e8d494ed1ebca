package dev.sparktune.jobs.input;

import java.io.Serializable;
import java.util.LinkedHashMap;

/**
 * What can be told of a file without reading its rows.
 *
 * @param fault why it cannot be read at all; null where it can
 * @param columns name in lower case, as Spark compares names → what must agree between files: the type, or the place in a line
 */
record FileFacts(String path, String fault, LinkedHashMap<String, String> columns) implements Serializable {
    private static final long serialVersionUID = 1;

    static FileFacts bad(String path, String fault) {
        return new FileFacts(path, fault, new LinkedHashMap<>());
    }

    static FileFacts good(String path, LinkedHashMap<String, String> columns) {
        return new FileFacts(path, null, columns);
    }
}
