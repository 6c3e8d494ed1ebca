package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.progress.Progress;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What a job works with.
 *
 * @param name of the job
 * @param spark the session
 * @param settings resolved and checked
 * @param locations opens paths, Hadoop URIs and {@code classpath:} resources
 * @param output the directory to write in; it gets its final name only when the job has returned
 * @param resumed whether the directory holds work of an earlier run of the same identity
 */
public record JobContext(
        String name, SparkSession spark, Settings settings, Locations locations, Path output, boolean resumed) {

    public FileSystem outputFileSystem() throws IOException {
        return locations.fileSystem(output);
    }

    /** Runs a named step and says on standard error how long it took. */
    public <T> T stage(String step, Callable<T> work) throws Exception {
        System.err.println(name + ": " + step + " …");
        spark.sparkContext().setJobDescription(name + ": " + step);
        long started = System.nanoTime();
        T result = work.call();
        System.err.println(name + ": " + step + ", " + Progress.duration((System.nanoTime() - started) / 1e9));
        return result;
    }
}
