package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The proof that a run's output is storage that driver and executors share: each writes a file there and reads the others'.
 * Found out at the start, since a checkpoint whose slices lie on different machines is found out too late.
 */
final class SharedStorage {
    private static final String DRIVER = "driver";

    private final FileSystem fs;
    private final Path directory;
    private final String proof;

    /** @param proof text that no earlier run wrote */
    SharedStorage(FileSystem fs, Path output, String proof) {
        this.fs = fs;
        this.directory = new Path(output, "_shared");
        this.proof = proof;
    }

    /** Of the driver, before any worker starts. */
    void begin() throws IOException {
        fs.delete(directory, true);
        fs.mkdirs(directory);
        write(DRIVER);
    }

    /**
     * Of a worker: sees the driver's file and writes its own.
     *
     * @throws JobFailure naming the host
     */
    void join(int rank, String host) {
        require(DRIVER, host, "the driver");
        try {
            write(name(rank));
        } catch (IOException e) {
            throw new JobFailure(
                    "output: " + host + " cannot write to " + directory.getParent() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Of a worker, when all have joined: sees everyone's.
     *
     * @throws JobFailure naming the host
     */
    void seeAll(int workers, String host) {
        for (int rank = 0; rank < workers; rank++) {
            require(name(rank), host, "worker " + rank);
        }
    }

    /** Of the driver, at the end. */
    void end() throws IOException {
        fs.delete(directory, true);
    }

    private static String name(int rank) {
        return "worker-" + rank;
    }

    private void write(String name) throws IOException {
        try (OutputStream out = fs.create(new Path(directory, name), true)) {
            out.write(proof.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void require(String name, String host, String writer) {
        String read;
        try (InputStream in = fs.open(new Path(directory, name))) {
            read = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new JobFailure(notShared(host, writer) + ": " + e.getMessage(), e);
        }
        if (!read.equals(proof)) {
            throw new JobFailure(notShared(host, writer));
        }
    }

    private String notShared(String host, String writer) {
        return "output must be on storage that the driver and all executors share, but " + host + " does not see what "
                + writer + " wrote to " + directory.getParent();
    }
}
