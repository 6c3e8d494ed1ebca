package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code pretrain}: see {@link PretrainJob}. */
public final class Pretrain {
    private Pretrain() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("pretrain");
        PretrainJob.main(args);
    }
}
