package dev.sparktune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The checkpoints of one run, on any Hadoop file system:
 *
 * <pre>
 * checkpoint-120/state.bin      parameters and both moments, raw little-endian
 *                manifest.json  step, best, checksums; written last: without it the checkpoint is not there
 * best-90/state.bin             parameters alone, of the lowest validation loss
 *         manifest.json
 * </pre>
 *
 * A broken checkpoint is passed over with a warning for the one before. Kept are the newest {@code saveTotalLimit}, the
 * best, and the best that each kept checkpoint knew of, so that a resumed run finds what it had.
 */
public final class Checkpoints {
    static final String PARAMETERS = "parameters";
    static final String FIRST_MOMENT = "adam_first_moment";
    static final String SECOND_MOMENT = "adam_second_moment";

    private static final int FORMAT_VERSION = 1;
    private static final String STATE = "state.bin";
    private static final String MANIFEST = "manifest.json";
    private static final Pattern NAME = Pattern.compile("(checkpoint|best)-(\\d{1,9})");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** What stands beside the vectors; {@code identity} tells one run's checkpoints from another's. */
    record Manifest(int formatVersion, String identity, TrainingState state, List<VectorFile.Entry> vectors) {}

    private record Found(String kind, int step, Path directory) {}

    private final FileSystem fs;
    private final Path directory;
    private final int saveTotalLimit;

    public Checkpoints(FileSystem fs, Path directory, int saveTotalLimit) {
        // Hadoop's own local checksums would be a second, unsynchronized file beside each.
        this.fs = fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
        this.directory = directory;
        this.saveTotalLimit = saveTotalLimit;
    }

    /** Writes a checkpoint from which the run can go on, then removes what is no longer kept. */
    void save(String identity, TrainingState state, INDArray parameters, AdamW optimizer) throws IOException {
        write("checkpoint", identity, state, vectors(parameters, optimizer));
        prune(state);
    }

    /** Writes the parameters of the best evaluation so far. */
    void saveBest(String identity, TrainingState state, INDArray parameters) throws IOException {
        write("best", identity, state, List.of(new VectorFile.Named(PARAMETERS, parameters)));
        prune(state);
    }

    /**
     * Fills the vectors from the newest whole checkpoint and returns where it stood; empty, with nothing touched, if there
     * is none.
     *
     * @throws ForeignCheckpointException if the checkpoints are another run's
     */
    Optional<TrainingState> restore(String identity, INDArray parameters, AdamW optimizer, Consumer<String> warnings)
            throws IOException {
        for (Found found : newestFirst("checkpoint")) {
            Manifest manifest;
            try {
                manifest = readVerified(found);
            } catch (IOException e) {
                warnings.accept("checkpoint passed over: " + e.getMessage());
                continue;
            }
            if (!manifest.identity().equals(identity)) {
                throw new ForeignCheckpointException(found.directory(), manifest.identity(), identity);
            }
            VectorFile.read(fs, new Path(found.directory(), STATE), manifest.vectors(), vectors(parameters, optimizer));
            return Optional.of(manifest.state());
        }
        return Optional.empty();
    }

    /** Fills the parameters with those of the best evaluation. */
    void restoreBest(TrainingState.Best best, INDArray parameters) throws IOException {
        Found found = new Found("best", best.step(), new Path(directory, "best-" + best.step()));
        Manifest manifest = readVerified(found);
        VectorFile.read(
                fs,
                new Path(found.directory(), STATE),
                manifest.vectors(),
                List.of(new VectorFile.Named(PARAMETERS, parameters)));
    }

    /** Where the checkpoint of an update lies. */
    public Path path(int step) {
        return new Path(directory, "checkpoint-" + step);
    }

    private static List<VectorFile.Named> vectors(INDArray parameters, AdamW optimizer) {
        return List.of(
                new VectorFile.Named(PARAMETERS, parameters),
                new VectorFile.Named(FIRST_MOMENT, optimizer.firstMoment()),
                new VectorFile.Named(SECOND_MOMENT, optimizer.secondMoment()));
    }

    private void write(String kind, String identity, TrainingState state, List<VectorFile.Named> vectors)
            throws IOException {
        Path target = new Path(directory, kind + "-" + state.step());
        fs.delete(target, true); // a broken or unfinished one of the same step
        fs.mkdirs(target);
        List<VectorFile.Entry> entries = VectorFile.write(fs, new Path(target, STATE), vectors);
        Path temporary = new Path(target, MANIFEST + ".__partial");
        try (OutputStream out = fs.create(temporary, true)) {
            out.write(JSON.writeValueAsBytes(new Manifest(FORMAT_VERSION, identity, state, entries)));
        }
        if (!fs.rename(temporary, new Path(target, MANIFEST))) {
            throw new IOException("cannot rename " + temporary + " to " + MANIFEST);
        }
    }

    private Manifest readManifest(Found found) throws IOException {
        try (InputStream in = fs.open(new Path(found.directory(), MANIFEST))) {
            Manifest manifest = JSON.readValue(in, Manifest.class);
            if (manifest == null || manifest.formatVersion() != FORMAT_VERSION) {
                throw new IOException(found.directory() + "/" + MANIFEST + " is not of format " + FORMAT_VERSION);
            }
            if (manifest.state() == null || manifest.vectors() == null || manifest.identity() == null) {
                throw new IOException(found.directory() + "/" + MANIFEST + " is not whole");
            }
            return manifest;
        }
    }

    private Manifest readVerified(Found found) throws IOException {
        Manifest manifest = readManifest(found);
        VectorFile.verify(fs, new Path(found.directory(), STATE), manifest.vectors());
        return manifest;
    }

    private List<Found> newestFirst(String kind) throws IOException {
        List<Found> found = new ArrayList<>();
        if (!fs.exists(directory)) {
            return found;
        }
        for (FileStatus status : fs.listStatus(directory)) {
            Matcher name = NAME.matcher(status.getPath().getName());
            if (status.isDirectory() && name.matches() && name.group(1).equals(kind)) {
                found.add(new Found(kind, Integer.parseInt(name.group(2)), status.getPath()));
            }
        }
        found.sort(Comparator.comparingInt(Found::step).reversed());
        return found;
    }

    private void prune(TrainingState state) throws IOException {
        Set<Integer> bests = new HashSet<>();
        if (state.best() != null) {
            bests.add(state.best().step());
        }
        int kept = 0;
        for (Found checkpoint : newestFirst("checkpoint")) {
            Optional<Manifest> manifest = manifestIfWhole(checkpoint);
            // A checkpoint of a later step was left by a process that got further before it was killed.
            if (manifest.isEmpty() || checkpoint.step() > state.step() || kept >= saveTotalLimit) {
                fs.delete(checkpoint.directory(), true);
                continue;
            }
            kept++;
            if (manifest.get().state().best() != null) {
                bests.add(manifest.get().state().best().step());
            }
        }
        for (Found best : newestFirst("best")) {
            if (!bests.contains(best.step())) {
                fs.delete(best.directory(), true);
            }
        }
    }

    private Optional<Manifest> manifestIfWhole(Found checkpoint) {
        try {
            return Optional.of(readManifest(checkpoint));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
