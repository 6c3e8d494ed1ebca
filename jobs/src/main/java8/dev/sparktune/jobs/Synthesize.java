package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code synthesize}: see {@link SynthesizeJob}. */
public final class Synthesize {
    private Synthesize() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("synthesize");
        SynthesizeJob.main(args);
    }
}
