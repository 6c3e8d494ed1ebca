package dev.sparktune.jobs;

import dev.sparktune.jobs.templates.TemplatesCommand;
import org.apache.spark.SparkUserAppException;

/** What spark-submit starts for {@code templates}: see {@link TemplatesCommand}. */
public final class Templates {
    private Templates() {}

    public static void main(String[] args) throws SparkUserAppException {
        OldJava.refuse("templates");
        int exitCode = TemplatesCommand.run(args, System.out, System.err);
        if (exitCode != 0) {
            throw new SparkUserAppException(exitCode);
        }
    }
}
