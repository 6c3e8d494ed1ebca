package dev.sparktune.jobs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@code __identity} in a directory that a job wrote or writes: of which settings and inputs it is. */
record IdentityFile(FileSystem fileSystem, Path directory) {
    private static final String NAME = "__identity";
    private static final int MAX_BYTES = 1_000;

    boolean exists() throws IOException {
        return fileSystem.exists(path());
    }

    boolean says(String identity) throws IOException {
        return identity.equals(read());
    }

    /** Empty where there is none. */
    String read() throws IOException {
        if (!exists()) {
            return "";
        }
        try (FSDataInputStream in = fileSystem.open(path())) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }

    void write(String identity) throws IOException {
        try (FSDataOutputStream out = fileSystem.create(path(), true)) {
            out.write(identity.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Path path() {
        return new Path(directory, NAME);
    }
}
