package dev.sparktune.jobs.templates;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.io.InputFile;

/** Where libraries and tables lie: this machine, the jar, or one of Hadoop's file systems. */
interface Storage {
    String CLASSPATH = "classpath:";
    Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

    /** The storage of a path or URI; a path without a scheme lies on this machine. */
    static Storage of(String uri) {
        Matcher scheme = SCHEME.matcher(uri);
        if (uri.startsWith(CLASSPATH)) {
            return new ClasspathStorage();
        }
        return !scheme.matches() || scheme.group(1).equals("file") ? new LocalStorage() : new HadoopStorage();
    }

    /**
     * The files below a directory, as paths relative to it, sorted; none for a file.
     *
     * @throws dev.sparktune.jobs.run.JobFailure when there is neither
     */
    List<String> filesBelow(String uri) throws IOException;

    /** @throws java.io.FileNotFoundException or NoSuchFileException when it is not there */
    InputStream open(String uri) throws IOException;

    /** The same for reading here and there. */
    InputFile inputFile(String uri) throws IOException;
}
