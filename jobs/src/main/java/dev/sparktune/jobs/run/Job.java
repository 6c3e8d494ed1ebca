package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * What the harness must know of a job.
 *
 * @param name as in {@code scripts/sparktune NAME}
 * @param description one line for {@code --help}
 * @param sections the top-level keys and sections that it reads, or single keys of a section ({@code privacy.examples}); they and the
 *     inputs are the output's identity
 * @param resumable whether a run that was cut off left work worth keeping, such as checkpoints
 * @param tasksHoldModel whether its tasks load a model, so that an executor runs one at a time, on all of its cores
 * @param output URI of its output directory
 * @param inputs URIs that it reads; their files' names, lengths and times are the fingerprint of its input
 * @param companion name of a second directory beside its output: what it writes to {@code __NAME} within that, once the output
 *     stands; null: none
 * @param furtherIdentity what else its output follows from, beside the sections and the inputs
 * @param check cross-field checks, before any input or output; throws SettingsException
 */
public record Job(
        String name,
        String description,
        Set<String> sections,
        boolean resumable,
        boolean tasksHoldModel,
        Function<Settings, String> output,
        Function<Settings, List<String>> inputs,
        String companion,
        FurtherIdentity furtherIdentity,
        Check check) {

    /** One with a single directory, which follows from the sections and the inputs alone. */
    public Job(
            String name,
            String description,
            Set<String> sections,
            boolean resumable,
            boolean tasksHoldModel,
            Function<Settings, String> output,
            Function<Settings, List<String>> inputs,
            Check check) {
        this(name, description, sections, resumable, tasksHoldModel, output, inputs, null, FurtherIdentity.NONE, check);
    }

    /** Throws {@link dev.sparktune.jobs.settings.SettingsException} for settings that contradict each other. */
    @FunctionalInterface
    public interface Check {
        void check(Settings settings);
    }

    /** What an output follows from that neither settings nor the files of {@link Job#inputs} tell. */
    @FunctionalInterface
    public interface FurtherIdentity {
        FurtherIdentity NONE = (settings, spark) -> List.of();

        /** @param spark the job's session, which is started when it is first asked for */
        List<String> of(Settings settings, Supplier<SparkSession> spark) throws IOException;
    }

    /** What a job does for {@code --dry-run} once its settings are printed: it reads, and prints to standard output. */
    @FunctionalInterface
    public interface Rehearsal {
        Rehearsal NONE = job -> {};

        void run(JobContext job) throws Exception;
    }

    /** The work itself; what it throws fails the job. */
    @FunctionalInterface
    public interface Body {
        JobResult run(JobContext job) throws Exception;
    }
}
