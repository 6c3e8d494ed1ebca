package dev.sparktune.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The places that settings name: local paths, Hadoop URIs and {@code classpath:…}, the resources in the jar. A path
 * without a scheme lies on Spark's default file system, as everywhere in Spark.
 */
public final class Locations {
    private static final String CLASSPATH = "classpath:";

    /** More names than these help nobody who mistyped one. */
    private static final int MOST_NAMED = 20;

    private final Configuration configuration;

    public Locations(Configuration configuration) {
        this.configuration = configuration;
    }

    /** @throws JobFailure for a scheme that this Spark has no library for */
    public FileSystem fileSystem(Path path) throws IOException {
        FileSystem fileSystem;
        try {
            fileSystem = path.getFileSystem(configuration);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof ClassNotFoundException) {
                throw new JobFailure(
                        Redaction.text(path.toString()) + ": this Spark lacks the library for "
                                + path.toUri().getScheme() + ":// ("
                                + e.getCause().getMessage()
                                + "); spark-submit --packages adds one",
                        e);
            }
            throw e;
        }
        LocalChecksums.ignore(fileSystem);
        return fileSystem;
    }

    /** Fully qualified, so that later steps cannot read it differently. */
    public Path path(String uri) throws IOException {
        try {
            Path path = new Path(uri);
            return fileSystem(path).makeQualified(path);
        } catch (IllegalArgumentException e) {
            throw new JobFailure(Redaction.text(uri) + ": not a path: " + e.getMessage(), e);
        }
    }

    /** The same place for every machine: a path becomes a URI, since executors work in directories of their own. */
    public String qualified(String uri) throws IOException {
        return uri.startsWith(CLASSPATH) ? uri : path(uri).toString();
    }

    /** The text of a file of at most {@code maxBytes} bytes, in UTF-8. */
    public String read(String uri, int maxBytes) throws IOException {
        try (InputStream in = open(uri)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new JobFailure(Redaction.text(uri) + ": longer than " + maxBytes + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            throw new JobFailure(Redaction.text(uri) + ": no such file", e);
        }
    }

    private InputStream open(String uri) throws IOException {
        if (!uri.startsWith(CLASSPATH)) {
            Path path = path(uri);
            return fileSystem(path).open(path);
        }
        return resource(uri).openStream();
    }

    public boolean exists(String uri) throws IOException {
        if (uri.startsWith(CLASSPATH)) {
            return classLoader().getResource(uri.substring(CLASSPATH.length())) != null;
        }
        Path path = path(uri);
        return fileSystem(path).exists(path);
    }

    /**
     * A Hugging Face model directory as a directory of this machine: itself where it is one, else a copy in the temporary
     * directory, fetched once by this JVM and gone when it ends.
     *
     * @throws JobFailure for one that is not there, where a hub name is told what to do instead, and for a copy that was cut or
     *     altered
     */
    public java.nio.file.Path localDirectory(String uri) throws IOException {
        return localDirectory(uri, FetchedDirectories.Weights.WHOLE);
    }

    /** As {@link #localDirectory}, but of safetensors files that are not on this machine only the headers come. */
    public java.nio.file.Path localDirectoryWithoutWeights(String uri) throws IOException {
        return localDirectory(uri, FetchedDirectories.Weights.HEADERS);
    }

    private java.nio.file.Path localDirectory(String uri, FetchedDirectories.Weights weights) throws IOException {
        if (uri.startsWith(CLASSPATH)) {
            return copyOfResource(uri);
        }
        Path path = path(uri);
        FileSystem from = fileSystem(path);
        if (!from.exists(path)) {
            throw missing(uri, "directory");
        }
        if (!from.getFileStatus(path).isDirectory()) {
            throw new JobFailure(Redaction.text(uri) + ": a file, but a directory is wanted");
        }
        return "file".equals(path.toUri().getScheme())
                ? Paths.get(path.toUri().getPath())
                : FetchedDirectories.fetch(from, path, weights);
    }

    private java.nio.file.Path copyOfResource(String uri) throws IOException {
        String directory = uri.substring(CLASSPATH.length()).replaceAll("/+$", "");
        URL url = resource(uri);
        if ("file".equals(url.getProtocol())) {
            try {
                return Paths.get(url.toURI());
            } catch (URISyntaxException e) {
                throw new IOException(uri, e);
            }
        }
        java.nio.file.Path copy = TemporaryDirectories.make();
        JarURLConnection connection = (JarURLConnection) url.openConnection();
        try (JarFile jar = new JarFile(
                Paths.get(URI.create(connection.getJarFileURL().toString())).toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (!entry.isDirectory()
                        && name.startsWith(directory + "/")
                        && name.indexOf('/', directory.length() + 1) < 0) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, copy.resolve(name.substring(directory.length() + 1)));
                    }
                }
            }
        }
        return copy;
    }

    /** Every file below a URI as {@code name length time}, sorted: what changes when the input does. */
    public List<String> fingerprint(String uri) throws IOException {
        if (uri.startsWith(CLASSPATH)) {
            return List.of(uri + " of this version");
        }
        List<String> lines = new ArrayList<>();
        Path path = path(uri);
        FileSystem fileSystem = fileSystem(path);
        FileStatus[] roots = fileSystem.globStatus(path);
        if (roots == null || roots.length == 0) {
            throw new JobFailure(missing(uri, "file or directory").getMessage() + beside(path));
        }
        for (FileStatus root : roots) {
            lines.addAll(fingerprint(root.getPath()));
        }
        Collections.sort(lines);
        return lines;
    }

    /** The same of a file, or of all below a directory, its path taken as it is. */
    public List<String> fingerprint(Path root) throws IOException {
        List<String> lines = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> files = fileSystem(root).listFiles(root, true);
        while (files.hasNext()) {
            FileStatus file = files.next();
            lines.add(file.getPath().toUri().getPath() + " " + file.getLen() + " " + file.getModificationTime());
        }
        Collections.sort(lines);
        return lines;
    }

    private static JobFailure missing(String uri, String wanted) {
        return new JobFailure(Redaction.text(uri) + ": no such " + wanted
                + (uri.matches("[\\w.-]+/[\\w.-]+")
                        ? "; if this is a name on the Hugging Face Hub, download it first (sparktune opens no"
                                + " connection to it) and give the directory"
                        : ""));
    }

    /** The finished outputs of jobs that lie where one was looked for: most often one of them was meant. */
    private String beside(Path path) throws IOException {
        FileStatus[] marks = path.getParent() == null
                ? null
                : fileSystem(path).globStatus(new Path(path.getParent(), "*/metrics.json"));
        if (marks == null) {
            return "";
        }
        List<String> names = Arrays.stream(marks)
                .map(mark -> mark.getPath().getParent().getName())
                .filter(name -> !name.contains("__")) // such as one that is about to be replaced
                .sorted()
                .limit(MOST_NAMED)
                .toList();
        return names.isEmpty() ? "" : "; there is " + String.join(", ", names);
    }

    private static URL resource(String uri) throws IOException {
        URL url = classLoader().getResource(uri.substring(CLASSPATH.length()).replaceAll("/+$", ""));
        if (url == null) {
            throw new JobFailure(uri + ": no such resource in this jar");
        }
        return url;
    }

    private static ClassLoader classLoader() {
        return Locations.class.getClassLoader();
    }
}
