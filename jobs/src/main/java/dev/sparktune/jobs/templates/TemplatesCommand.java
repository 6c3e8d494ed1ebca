package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code sparktune templates}: exit code 0, 1 for a failure or what lint found, 2 for wrong usage. */
@Command(
        name = "sparktune templates",
        description = "Looks at template libraries, without starting Spark.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = TemplatesCommand.WIDTH,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "COMMAND --help tells a command's options."})
public final class TemplatesCommand {
    static final int WIDTH = 100;

    private static final int FAILURE = 1;
    private static final int WRONG_USAGE = 2;

    private TemplatesCommand() {}

    /** Ends the JVM with the exit code: what {@code scripts/sparktune} starts. */
    public static void main(String[] args) {
        try (PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8)) {
            int exitCode = run(args, out, System.err);
            out.flush();
            System.exit(exitCode);
        }
    }

    /**
     * Runs one command.
     *
     * @param out takes the results, in UTF-8
     * @param err takes what else there is to say
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(new TemplatesCommand())
                .addSubcommand(new ListCommand(out, err))
                .addSubcommand(new ShowCommand(out))
                .addSubcommand(new LintCommand(out, err))
                .addSubcommand(new RenderCommand(out, err));
        String version = TemplatesCommand.class.getPackage().getImplementationVersion();
        line.getCommandSpec().version("sparktune " + (version == null ? "development" : version));
        for (CommandLine command : line.getSubcommands().values()) {
            command.getCommandSpec()
                    .mixinStandardHelpOptions(true)
                    .version(line.getCommandSpec().version());
            command.getCommandSpec().usageMessage().sortOptions(false).width(WIDTH);
        }
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((wrong, given) -> {
            complain(err, wrong.getMessage().lines().findFirst().orElse("") + meant(wrong));
            return WRONG_USAGE;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err));
        line.setExecutionStrategy(parsed -> {
            if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
                throw new ParameterException(line, "a command is needed: list, show, lint or render");
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        int exitCode = line.execute(args);
        out.flush();
        return exitCode;
    }

    private static int failed(Exception failure, PrintStream err) throws Exception {
        if (failure instanceof JobFailure
                || failure instanceof IOException
                || failure instanceof UncheckedIOException) {
            complain(err, failure.getMessage());
            return FAILURE;
        }
        throw failure; // not foreseen: whoever mends it needs the place
    }

    private static void complain(PrintStream err, String message) {
        err.println("sparktune templates: " + Redaction.text(message));
    }

    /** The nearest option or command, for one that there is not. */
    private static String meant(ParameterException wrong) {
        String help = "; --help lists what there is";
        if (!(wrong instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return help;
        }
        String given = unmatched.getUnmatched().get(0);
        CommandLine command = wrong.getCommandLine();
        Set<String> known = new TreeSet<>(
                given.startsWith("-")
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet());
        return known.isEmpty() ? help : "; the nearest is " + Nearest.of(given.replaceFirst("=.*", ""), known);
    }
}
