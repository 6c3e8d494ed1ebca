package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code prepare}: see {@link PrepareJob}. */
public final class Prepare {
    private Prepare() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("prepare");
        PrepareJob.main(args);
    }
}
