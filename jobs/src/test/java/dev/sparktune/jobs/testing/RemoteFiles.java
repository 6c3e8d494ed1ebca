package dev.sparktune.jobs.testing;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * A file system that is not of this machine, as far as Hadoop can tell: {@code remote:///path} is the local path. As S3A does, it
 * refuses to append, and to rename onto a file that is there.
 */
public final class RemoteFiles extends RawLocalFileSystem {
    private static final URI NAME = URI.create("remote:///");

    private final List<String> opened = new ArrayList<>();
    private long lost;
    private boolean verified = true;

    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.setClass("fs.remote.impl", RemoteFiles.class, org.apache.hadoop.fs.FileSystem.class);
        return configuration;
    }

    /** The one of this JVM. */
    public static RemoteFiles of(Configuration configuration) throws IOException {
        return (RemoteFiles) get(NAME, configuration);
    }

    /** Names of files below a directory, one for each opening. */
    public List<String> opened(java.nio.file.Path directory) {
        return opened.stream()
                .filter(file -> file.startsWith(directory.toString()))
                .map(file -> file.substring(file.lastIndexOf('/') + 1))
                .toList();
    }

    /** Bytes that were read of all files so far. */
    public long bytesRead() {
        return statistics.getBytesRead();
    }

    /** From now on the end of every file is missing, but for its listed length. */
    public void loseLast(long bytes) {
        lost = bytes;
    }

    /** Whether nobody has asked to read without checksums. */
    public boolean verified() {
        return verified;
    }

    @Override
    public void setVerifyChecksum(boolean verify) {
        verified &= verify;
    }

    @Override
    public URI getUri() {
        return NAME;
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        opened.add(file.toUri().getPath());
        return super.open(file, bufferSize);
    }

    @Override
    public FSDataOutputStream append(Path file, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("Append is not supported by " + NAME);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return !capability.equals(CommonPathCapabilities.FS_APPEND) && super.hasPathCapability(path, capability);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return !exists(to) && super.rename(from, to);
    }

    @Override
    public FileStatus[] listStatus(Path directory) throws IOException {
        return Arrays.stream(super.listStatus(directory))
                .map(file -> new FileStatus(
                        file.getLen() + lost,
                        file.isDirectory(),
                        file.getReplication(),
                        file.getBlockSize(),
                        file.getModificationTime(),
                        file.getPath()))
                .toArray(FileStatus[]::new);
    }
}
