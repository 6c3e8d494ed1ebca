package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.SettingsReference;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A job's command line: {@code --config URI [--set key=value]… [--overwrite] [--dry-run]}. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 100)
final class JobArguments {
    @Option(
            names = "--config",
            paramLabel = "URI",
            required = true,
            description =
                    "YAML file with the settings; a local path, any Hadoop URI, or classpath:conf/… for a shipped one.")
    private String config;

    // picocli would split at commas and trim quotes if told to; a value is YAML and must come whole
    @Option(
            names = "--set",
            paramLabel = "key=value",
            description = "One setting, its value in YAML; repeatable, the last wins.")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--overwrite",
            description = "Replace an output of other settings; the old one stays until the new one stands.")
    private boolean overwrite;

    @Option(
            names = "--dry-run",
            description =
                    "Check, print the resolved settings, write nothing; finetune says what memory and time it would take, too.")
    private boolean dryRun;

    private boolean helpShown;

    private JobArguments() {}

    /** @throws SettingsException for arguments that are wrong or missing */
    static JobArguments parse(Job job, String[] args) {
        JobArguments arguments = new JobArguments();
        CommandLine line = new CommandLine(arguments);
        line.getCommandSpec().name("sparktune " + job.name()).version("sparktune " + JobMain.version());
        line.getCommandSpec()
                .usageMessage()
                .description(job.description())
                .footer("", "Settings that this job reads:", SettingsReference.help(job.sections()));
        try {
            CommandLine.ParseResult parsed = line.parseArgs(args);
            arguments.helpShown = CommandLine.printHelpIfRequested(parsed);
            return arguments;
        } catch (ParameterException e) {
            throw new SettingsException(e.getMessage() + "; --help lists the options and settings");
        }
    }

    String config() {
        return config;
    }

    List<String> sets() {
        return sets;
    }

    boolean overwrite() {
        return overwrite;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** Whether {@code --help} or {@code --version} was asked for and answered. */
    boolean helpShown() {
        return helpShown;
    }
}
