package dev.sparktune.jobs.tracking;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.settings.TrackingSettings;
import dev.sparktune.train.TrainingListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Who hears of a job from its start to its end. What goes wrong there never stops the job. */
public interface Tracking extends TrainingListener, AutoCloseable {
    /** Nobody. */
    Tracking NONE = new Tracking() {
        @Override
        public void finish(Map<String, Double> metrics, List<String> files) {}

        @Override
        public void close() {}
    };

    /**
     * Whoever the settings name.
     *
     * @param suffix added to the run's name; may be empty
     * @param parameters that the run is known by
     */
    static Tracking of(JobContext job, String suffix, Map<String, Object> parameters) throws IOException {
        TrackingSettings settings = job.settings().tracking();
        if (settings.mlflowUri() == null) {
            return NONE;
        }
        String output = job.settings().output().replaceAll("/+$", "");
        String name = settings.runName() != null ? settings.runName() : output.substring(output.lastIndexOf('/') + 1);
        return new MlflowTracking(
                job.name(),
                new MlflowServer(settings.mlflowUri(), System.getenv()),
                new MlflowRun(settings.experiment(), name + suffix, RunParameters.of(parameters)),
                job.outputFileSystem(),
                job.output(),
                line -> System.err.println(job.name() + ": " + line));
    }

    /**
     * The job has done its work.
     *
     * @param metrics what came out, by name
     * @param files names of files in the job's output
     */
    void finish(Map<String, Double> metrics, List<String> files);

    /** Tells what is still to be told; a run that was not finished has failed. */
    @Override
    void close();
}
