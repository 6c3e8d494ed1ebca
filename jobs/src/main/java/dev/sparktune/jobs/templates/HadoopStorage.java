package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/** Hadoop's file systems, set up by the {@code core-site.xml} that is on the classpath. */
final class HadoopStorage implements Storage {
    private final Configuration configuration = new Configuration();
    private final Locations locations = new Locations(configuration);

    @Override
    public List<String> filesBelow(String uri) throws IOException {
        Path root = locations.path(uri);
        FileSystem fileSystem = locations.fileSystem(root);
        if (!fileSystem.exists(root)) {
            throw new JobFailure(Redaction.text(uri) + ": no such file or directory");
        }
        List<String> files = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(root, true);
        while (found.hasNext()) {
            String path = found.next().getPath().toUri().getPath();
            if (path.length() > root.toUri().getPath().length()) {
                files.add(path.substring(root.toUri().getPath().length()).replaceFirst("^/", ""));
            }
        }
        Collections.sort(files);
        return files;
    }

    @Override
    public InputStream open(String uri) throws IOException {
        Path path = locations.path(uri);
        return locations.fileSystem(path).open(path);
    }

    @Override
    public InputFile inputFile(String uri) throws IOException {
        return HadoopInputFile.fromPath(locations.path(uri), configuration);
    }
}
