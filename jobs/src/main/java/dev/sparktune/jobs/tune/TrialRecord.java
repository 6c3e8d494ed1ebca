package dev.sparktune.jobs.tune;

import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.PartFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A trial's outcome on each rung that it has ended; what a search that was killed need not do again. Each is a file
 * {@code rung-1.json}, {@code rung-2.json}, … in the trial's directory that is written once: no kill loses an earlier one.
 */
record TrialRecord(List<Outcome> outcomes) {
    static TrialRecord read(FileSystem fs, Path directory) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Path file = file(directory, 0); fs.exists(file); file = file(directory, outcomes.size())) {
            try (InputStream in = fs.open(file)) {
                outcomes.add(Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), Outcome.class));
            }
        }
        return new TrialRecord(List.copyOf(outcomes));
    }

    /** Writes the outcome of the next rung; the record with it. */
    TrialRecord with(FileSystem fs, Path directory, Outcome outcome) throws IOException {
        PartFile file = new PartFile(fs, file(directory, outcomes.size()), 0);
        try (OutputStream out = fs.create(file.growing(), true)) {
            out.write(Json.write(outcome).getBytes(StandardCharsets.UTF_8));
        }
        file.finish();
        List<Outcome> more = new ArrayList<>(outcomes);
        more.add(outcome);
        return new TrialRecord(List.copyOf(more));
    }

    private static Path file(Path directory, int rung) {
        return new Path(directory, "rung-" + (rung + 1) + ".json");
    }

    /** Of the last rung that it ended. */
    Outcome last() {
        return outcomes.get(outcomes.size() - 1);
    }
}
