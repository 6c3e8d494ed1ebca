package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code tune}: see {@link TuneJob}. */
public final class Tune {
    private Tune() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("tune");
        TuneJob.main(args);
    }
}
