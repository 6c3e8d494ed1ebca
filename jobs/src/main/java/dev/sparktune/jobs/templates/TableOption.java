package dev.sparktune.jobs.templates;

import dev.sparktune.template.TemplateLint.Sample;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --table} and {@code --rows}: what templates are tried on. */
final class TableOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description =
                    "A table: Parquet, CSV, TSV or JSON Lines, told by the name's end, or a directory of such files.")
    private String table;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many of its first rows; ${DEFAULT-VALUE} unless given.")
    private int rows;

    boolean given() {
        return table != null;
    }

    /** @throws dev.sparktune.jobs.run.JobFailure when the table cannot be read */
    Sample read() throws IOException {
        if (rows < 0) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 0, but is " + rows);
        }
        return TableHead.read(table, rows);
    }
}
