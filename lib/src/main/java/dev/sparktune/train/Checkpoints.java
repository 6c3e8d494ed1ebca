package dev.sparktune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sparktune.model.kernel.Views;
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
 * The checkpoints of one run, on a Hadoop file system that all its workers share:
 *
 * <pre>
 * checkpoint-120/slice-0-of-2.bin  parameters and both moments of what worker 0 serves, raw little-endian
 *                slice-1-of-2.bin
 *                manifest.json     step, best, slices, checksums; written last: without it the checkpoint is not there
 * best-90/slice-0-of-2.bin         parameters alone, of the lowest validation loss
 *         …
 * </pre>
 *
 * Any number of workers can go on from what any other wrote. A broken checkpoint is passed over with a warning for the one
 * before. Kept are the newest {@code saveTotalLimit}, the best, and the best that each kept checkpoint knew of, so that a
 * resumed run finds what it had.
 *
 * <p>All workers call the same methods in the same order; worker 0 decides, writes manifests and removes.
 */
public final class Checkpoints {
    static final String PARAMETERS = "parameters";
    static final String FIRST_MOMENT = "adam_first_moment";
    static final String SECOND_MOMENT = "adam_second_moment";

    private static final int FORMAT_VERSION = 3;
    private static final String MANIFEST = "manifest.json";
    private static final Pattern NAME = Pattern.compile("(checkpoint|best)-(\\d{1,9})");
    private static final Pattern SLICE_NAME = Pattern.compile("slice-\\d{1,9}-of-\\d{1,9}\\.bin");
    private static final int NONE = -1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A file and the slice of the run's vectors that it holds. */
    record SliceFile(String file, long from, long to, List<VectorFile.Entry> vectors) {}

    /** What stands beside the vectors; {@code identity} tells one run's checkpoints from another's. */
    record Manifest(int formatVersion, String identity, String hardware, TrainingState state, List<SliceFile> slices) {}

    private record Found(String kind, int step, Path directory) {}

    private final FileSystem fs;
    private final Path directory;
    private final int saveTotalLimit;
    private final Exchange exchange;

    public Checkpoints(FileSystem fs, Path directory, int saveTotalLimit, Exchange exchange) {
        // Hadoop's own local checksums would be a second, unsynchronized file beside each.
        this.fs = fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
        this.directory = directory;
        this.saveTotalLimit = saveTotalLimit;
        this.exchange = exchange;
    }

    /** Writes a checkpoint from which the run can go on, then removes what is no longer kept. */
    void save(String identity, TrainingState state, INDArray parameters, AdamW optimizer) throws IOException {
        Slice own = exchange.slice(parameters.length());
        List<VectorFile.Named> vectors = List.of(
                new VectorFile.Named(PARAMETERS, Views.vector(parameters, own.from(), own.length())),
                new VectorFile.Named(FIRST_MOMENT, optimizer.firstMoment()),
                new VectorFile.Named(SECOND_MOMENT, optimizer.secondMoment()));
        write("checkpoint", identity, state, parameters.length(), vectors);
    }

    /** Writes the parameters of the best evaluation so far. */
    void saveBest(String identity, TrainingState state, INDArray parameters) throws IOException {
        Slice own = exchange.slice(parameters.length());
        List<VectorFile.Named> vectors =
                List.of(new VectorFile.Named(PARAMETERS, Views.vector(parameters, own.from(), own.length())));
        write("best", identity, state, parameters.length(), vectors);
    }

    /**
     * Fills the parameters, and the optimizer's slice of the moments, from the newest whole checkpoint and returns where it
     * stood; empty, with nothing touched, if there is none.
     *
     * @throws ForeignCheckpointException if the checkpoints are another run's
     */
    Optional<TrainingState> restore(String identity, INDArray parameters, AdamW optimizer, Consumer<String> warnings)
            throws IOException {
        int chosen = exchange.rank() == 0 ? newestWhole(identity, warnings) : NONE;
        int step = (int) exchange.share(chosen)[0][0];
        if (step == NONE) {
            return Optional.empty();
        }
        Found found = new Found("checkpoint", step, path(step));
        Manifest manifest = readManifest(found);
        Slice own = exchange.slice(parameters.length());
        read(found, manifest, PARAMETERS, parameters, 0);
        read(found, manifest, FIRST_MOMENT, optimizer.firstMoment(), own.from());
        read(found, manifest, SECOND_MOMENT, optimizer.secondMoment(), own.from());
        return Optional.of(manifest.state());
    }

    private int newestWhole(String identity, Consumer<String> warnings) throws IOException {
        for (Found found : newestFirst("checkpoint")) {
            Manifest manifest;
            try {
                manifest = readManifest(found);
                for (SliceFile slice : manifest.slices()) {
                    VectorFile.verify(fs, new Path(found.directory(), slice.file()), slice.vectors());
                }
            } catch (IOException e) {
                warnings.accept("checkpoint passed over: " + e.getMessage());
                continue;
            }
            if (!manifest.identity().equals(identity)) {
                throw new ForeignCheckpointException(found.directory(), manifest.identity(), identity);
            }
            if (!Hardware.describe().equals(manifest.hardware())) {
                warnings.accept(found.directory() + " was written on " + manifest.hardware() + ", and this is "
                        + Hardware.describe() + ": the weights will be an unbroken run's to rounding, not bit for bit");
            }
            return found.step();
        }
        return NONE;
    }

    /** Fills the parameters with those of the best evaluation. */
    void restoreBest(TrainingState.Best best, INDArray parameters) throws IOException {
        Found found = new Found("best", best.step(), new Path(directory, "best-" + best.step()));
        Manifest manifest = readManifest(found);
        Slice own = exchange.slice(parameters.length());
        for (SliceFile slice : manifest.slices()) {
            if (own.overlap(slice.from(), slice.to()).length() > 0) {
                VectorFile.verify(fs, new Path(found.directory(), slice.file()), slice.vectors());
            }
        }
        exchange.share(); // nobody reads before every slice was found whole by somebody
        read(found, manifest, PARAMETERS, parameters, 0);
    }

    /** Where the checkpoint of an update lies. */
    public Path path(int step) {
        return new Path(directory, "checkpoint-" + step);
    }

    /** Fills an array with elements {@code [from, from + length)} of a vector, from whichever files hold them. */
    private void read(Found found, Manifest manifest, String vector, INDArray into, long from) throws IOException {
        long filled = 0;
        for (SliceFile file : manifest.slices()) {
            Slice part = new Slice(from, from + into.length()).overlap(file.from(), file.to());
            if (part.length() > 0) {
                INDArray target = Views.vector(into, part.from() - from, part.length());
                VectorFile.read(
                        fs,
                        new Path(found.directory(), file.file()),
                        file.vectors(),
                        new VectorFile.Named(vector, target),
                        part.from() - file.from());
                filled += part.length();
            }
        }
        if (filled != into.length()) {
            throw new IOException(found.directory() + " holds " + filled + " of the " + into.length() + " elements of '"
                    + vector + "' from " + from + " on");
        }
    }

    /** Every worker writes its slice, tells the others its checksums, and worker 0 writes what makes the whole count. */
    private void write(String kind, String identity, TrainingState state, long length, List<VectorFile.Named> vectors)
            throws IOException {
        Path target = new Path(directory, kind + "-" + state.step());
        if (exchange.rank() == 0) {
            fs.delete(target, true); // a broken or unfinished one of the same step
            fs.mkdirs(target);
        }
        exchange.share(); // the others write when the directory is there
        List<VectorFile.Entry> own = VectorFile.write(fs, new Path(target, sliceName(exchange.rank())), vectors);
        double[][] checksums = exchange.share(own.stream()
                .mapToDouble(entry -> Long.parseLong(entry.crc32c(), 16))
                .toArray());
        if (exchange.rank() == 0) {
            writeManifest(
                    target,
                    new Manifest(FORMAT_VERSION, identity, Hardware.describe(), state, slices(length, own, checksums)));
            prune(state);
        }
    }

    /** @param own entries of worker 0, whose names and types are everyone's */
    private List<SliceFile> slices(long length, List<VectorFile.Entry> own, double[][] checksums) {
        List<SliceFile> slices = new ArrayList<>();
        for (int rank = 0; rank < checksums.length; rank++) {
            Slice slice = Slice.of(length, rank, exchange.workers());
            List<VectorFile.Entry> entries = new ArrayList<>();
            for (int v = 0; v < own.size(); v++) {
                String crc32c = Long.toHexString((long) checksums[rank][v]);
                entries.add(new VectorFile.Entry(own.get(v).name(), own.get(v).dtype(), slice.length(), crc32c));
            }
            slices.add(new SliceFile(sliceName(rank), slice.from(), slice.to(), entries));
        }
        return slices;
    }

    private String sliceName(int rank) {
        return "slice-" + rank + "-of-" + exchange.workers() + ".bin";
    }

    private void writeManifest(Path target, Manifest manifest) throws IOException {
        Path temporary = new Path(target, MANIFEST + ".__partial");
        try (OutputStream out = fs.create(temporary, true)) {
            out.write(JSON.writeValueAsBytes(manifest));
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
            if (manifest.state() == null || manifest.slices() == null || manifest.identity() == null) {
                throw new IOException(found.directory() + "/" + MANIFEST + " is not whole");
            }
            for (SliceFile slice : manifest.slices()) {
                if (!SLICE_NAME.matcher(slice.file()).matches()) {
                    throw new IOException(
                            found.directory() + "/" + MANIFEST + " names the file '" + slice.file() + "'");
                }
            }
            return manifest;
        }
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
