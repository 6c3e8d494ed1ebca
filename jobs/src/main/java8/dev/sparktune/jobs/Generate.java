package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code generate}: see {@link GenerateJob}. */
public final class Generate {
    private Generate() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("generate");
        GenerateJob.main(args);
    }
}
