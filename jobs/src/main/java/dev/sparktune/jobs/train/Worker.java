package dev.sparktune.jobs.train;

import dev.sparktune.jobs.exchange.TcpExchange;
import dev.sparktune.jobs.run.DriverLink;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.run.TensorRoom;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.SaveDtype;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.Tokenizer;
import dev.sparktune.train.Checkpoints;
import dev.sparktune.train.Evaluation;
import dev.sparktune.train.Exchange;
import dev.sparktune.train.ForeignCheckpointException;
import dev.sparktune.train.PeerLostException;
import dev.sparktune.train.ReplicasDifferException;
import dev.sparktune.train.Trainer;
import dev.sparktune.train.TrainingDivergedException;
import dev.sparktune.train.TrainingListener;
import dev.sparktune.train.VectorChecksum;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.storage.BlockManagerId;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One worker of a run, in its task of the barrier stage: agrees with the others that they can work together, trains its replica
 * of the model with them and, as worker 0, writes what came out.
 */
final class Worker implements AutoCloseable {
    private static final Duration TO_MEET = Duration.ofMinutes(2);
    private static final Duration TO_END = Duration.ofSeconds(30);

    private final WorkerPlan plan;
    private final int attempt;
    private final TaskContext task;
    private final TaskGauges gauges;
    private final int rank;
    private final BlockManagerId executor;
    private final Locations locations;
    private final List<AutoCloseable> open = new ArrayList<>();

    private Worker(WorkerPlan plan, int attempt, TaskContext task, Configuration configuration, TaskGauges gauges) {
        this.plan = plan;
        this.attempt = attempt;
        this.task = task;
        this.gauges = gauges;
        this.rank = task.partitionId();
        this.executor = SparkEnv.get().blockManager().blockManagerId();
        this.locations = new Locations(configuration);
    }

    /**
     * Trains to the end. What a worker fails of, other than of the loss of another, the driver hears first; the task then ends
     * as a killed one, which Spark logs in a line.
     *
     * @param attempt of the run, from 1
     */
    static Trainer.Result run(
            WorkerPlan plan, int attempt, TaskContext task, Configuration configuration, TaskGauges gauges)
            throws Exception {
        try (Worker worker = new Worker(plan, attempt, task, configuration, gauges)) {
            try {
                return worker.train();
            } catch (PeerLostException e) {
                throw new TaskKilledException(e.getMessage());
            } catch (TaskKilledException e) {
                throw e;
            } catch (Exception | Error e) { // tensors without memory are an error
                if (task.isInterrupted()) { // it ends because it was told to
                    throw new TaskKilledException("the run ends");
                }
                worker.tellFailure(worker.inUsersWords(e));
                worker.awaitEnd();
                throw new TaskKilledException("its failure was told");
            }
        }
    }

    private Throwable inUsersWords(Throwable failure) {
        String doing = plan.modelKey() + ": training " + Redaction.text(plan.model());
        String otherwise =
                "try a smaller train.micro_batch_size or train.gradient_checkpointing=true; finetune --dry-run"
                        + " says what a run needs";
        return TensorRoom.shortage(doing, failure, otherwise)
                .map(Throwable.class::cast)
                .orElse(failure);
    }

    /** The driver ends the run: a task that went before would be started again. */
    private void awaitEnd() {
        long deadline = System.nanoTime() + TO_END.toNanos();
        try {
            while (!task.isInterrupted() && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Trainer.Result train() throws Exception {
        Path output = new Path(plan.output());
        FileSystem fs = locations.fileSystem(output);
        if (!executor.isDriver()) { // in local mode nothing can differ
            // Again, since a lost executor's place may have been taken by another.
            Agreement.reach(BarrierTaskContext.get(), new SharedStorage(fs, output, plan.name()), plan.workers())
                    .require();
        }
        HfModel.Loaded base = ModelLoader.load(locations, plan.modelKey(), plan.model(), plan.dtype());
        opened(base.decoder());
        Adapter adapter = plan.adapter() == null
                ? null
                : plan.adapter().start(base, locations, plan.options().seed());
        Decoder decoder = adapter == null ? base.decoder() : base.decoder().with(adapter);
        if (plan.gradientCheckpointing()) {
            decoder.useGradientCheckpointing();
        }
        Exchange exchange = Exchange.ALONE;
        if (plan.workers() > 1) {
            requireSameWeights(base.decoder(), adapter);
            exchange = meet(decoder);
        }
        TokenShards train = opened(TokenShards.open(fs, paths(plan.train())));
        TokenShards validation = opened(TokenShards.open(fs, paths(plan.validation())));
        Checkpoints checkpoints = new Checkpoints(
                fs, new Path(output, "checkpoints"), plan.options().saveTotalLimit(), exchange);
        Trainer trainer = new Trainer(
                decoder,
                train,
                validation,
                plan.options(),
                checkpoints,
                samples(decoder, base.info(), validation),
                TrainingListener.all(List.of(TrainingEvents.telling(this::tellEvent), gauges.listener())),
                exchange);
        if (plan.lastStep() != null) {
            return trainer.runTo(plan.lastStep());
        }
        Trainer.Result result = trainer.run();
        if (plan.loadBestModelAtEnd()) {
            trainer.restoreBest();
        }
        if (rank == 0) {
            SaveDtype dtype = SaveDtype.valueOf(plan.saveDtype().toUpperCase(Locale.ROOT));
            if (adapter != null) {
                ModelDirectory.writeAdapter(fs, output, plan.adapter(), adapter, base.info());
            }
            ModelDirectory.writeModel(fs, output, decoder, base.info().directory(), dtype);
        }
        return result;
    }

    private void requireSameWeights(Decoder base, Adapter adapter) {
        requireSame(base.parameters(), plan.modelKey(), plan.model());
        if (adapter != null && plan.adapter().init() != null) {
            requireSame(adapter.parameters(), AdapterPlan.INIT, plan.adapter().init());
        }
    }

    private void requireSame(INDArray weights, String key, String uri) {
        WorkerWeights own = new WorkerWeights(executor.host(), VectorChecksum.crc32c(weights));
        String[] all = BarrierTaskContext.get().allGather(own.toText());
        WorkerWeights.requireAlike(key, uri, List.of(all));
    }

    private TcpExchange meet(Decoder decoder) throws IOException {
        TcpExchange exchange = opened(TcpExchange.listen(
                executor.host(),
                rank,
                plan.workers(),
                plan.secret(),
                decoder.trainedParameters(),
                decoder.gradients()));
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String address : BarrierTaskContext.get().allGather(executor.host() + " " + exchange.port())) {
            String[] parts = address.split(" ");
            addresses.add(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
        }
        // As long as Spark waits for an executor that is silent.
        long silence = SparkEnv.get().conf().getTimeAsSeconds("spark.network.timeout", "120s");
        exchange.connect(addresses, TO_MEET, Duration.ofSeconds(silence));
        return exchange;
    }

    private Evaluation.Sampler samples(Decoder decoder, ModelInfo base, TokenShards validation) {
        if (rank != 0 || !plan.samples()) {
            return Evaluation.Sampler.NONE;
        }
        Tokenizer tokenizer = opened(Tokenizer.load(base.tokenizerJson()));
        return new ValidationSamples(
                decoder, tokenizer, Set.copyOf(base.eosTokenIds()), validation, plan.samplePromptTokens());
    }

    private static List<Path> paths(List<String> files) {
        return files.stream().map(Path::new).toList();
    }

    private void tellEvent(String event) {
        WorkerMessage message = new WorkerMessage(attempt, rank, executor.host(), event, null, false, null);
        if (!DriverLink.tell(plan.name(), message.toJson())) {
            throw new TaskKilledException("the run has ended");
        }
    }

    private void tellFailure(Throwable e) {
        boolean foreseen = JobFailure.isSaidByMessage(e)
                || e instanceof TrainingDivergedException
                || e instanceof ForeignCheckpointException
                || e instanceof ReplicasDifferException;
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        WorkerMessage message = new WorkerMessage(
                attempt,
                rank,
                executor.host(),
                null,
                foreseen ? e.getMessage() : e.toString(),
                e instanceof TrainingDivergedException,
                foreseen ? null : trace.toString());
        DriverLink.tell(plan.name(), message.toJson());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    /** Last opened, first closed: the exchange writes into the decoder's memory. */
    @Override
    public void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
