package dev.sparktune.jobs;

/** What spark-submit starts for the job {@code finetune}: see {@link FinetuneJob}. */
public final class Finetune {
    private Finetune() {}

    public static void main(String[] args) throws Exception {
        OldJava.refuse("finetune");
        FinetuneJob.main(args);
    }
}
