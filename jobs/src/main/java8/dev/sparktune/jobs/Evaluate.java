package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code evaluate}: see {@link EvaluateJob}. */
public final class Evaluate {
    private Evaluate() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("evaluate");
        EvaluateJob.main(args);
    }
}
