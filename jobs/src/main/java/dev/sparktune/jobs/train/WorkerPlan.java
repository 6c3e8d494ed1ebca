package dev.sparktune.jobs.train;

import dev.sparktune.train.TrainOptions;
import java.io.Serializable;
import java.util.List;

/**
 * What every worker of a run must know; all get the same.
 *
 * @param name under which the driver listens
 * @param workers how many there are
 * @param secret that only they know
 * @param modelKey the setting that names the model, for errors
 * @param model directory that the run starts from
 * @param dtype in which the model's weights are held
 * @param adapter what is trained beside the model; null: all of its weights are
 * @param train token shards, in their order
 * @param validation token shards; empty for no evaluation
 * @param output of the job, on storage that all share: checkpoints are written there, and the model
 * @param options of the trainer
 * @param gradientCheckpointing whether activations are computed again instead of kept
 * @param lastStep update that the run ends with, and without a model; null for all of them
 * @param loadBestModelAtEnd whether the parameters of the lowest validation loss are exported, not the last
 * @param saveDtype in which they are
 * @param samples whether the model completes a few validation examples for people to read
 * @param samplePromptTokens how many tokens of a validation example samples show the model; null for its whole prompt
 */
record WorkerPlan(
        String name,
        int workers,
        byte[] secret,
        String modelKey,
        String model,
        String dtype,
        AdapterPlan adapter,
        List<String> train,
        List<String> validation,
        String output,
        TrainOptions options,
        boolean gradientCheckpointing,
        Integer lastStep,
        boolean loadBestModelAtEnd,
        String saveDtype,
        boolean samples,
        Integer samplePromptTokens)
        implements Serializable {}
