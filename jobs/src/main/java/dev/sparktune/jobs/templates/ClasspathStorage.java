package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import org.apache.parquet.io.InputFile;

/** {@code classpath:…}: what is in the job jar, or in the directory of classes that a test runs from. */
final class ClasspathStorage implements Storage {
    @Override
    public List<String> filesBelow(String uri) throws IOException {
        URL url = resource(uri);
        if (url == null) {
            throw new JobFailure(uri + ": no such resource in this jar");
        }
        if (!(url.openConnection() instanceof JarURLConnection connection)) {
            return LocalStorage.filesBelow(Path.of(URI.create(url.toString())));
        }
        String prefix = connection.getEntryName().replaceFirst("/*$", "/");
        return connection.getJarFile().stream()
                .filter(entry -> !entry.isDirectory())
                .map(JarEntry::getName)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .sorted()
                .toList();
    }

    @Override
    public InputStream open(String uri) throws IOException {
        URL url = resource(uri);
        if (url == null) {
            throw new FileNotFoundException(uri);
        }
        return url.openStream();
    }

    @Override
    public InputFile inputFile(String uri) {
        throw new JobFailure(uri + ": a Parquet file must lie in a directory, not in the jar");
    }

    private static URL resource(String uri) {
        return ClasspathStorage.class
                .getClassLoader()
                .getResource(uri.substring(CLASSPATH.length()).replaceAll("/+$", ""));
    }
}
