package dev.sparktune.jobs.tune;

import dev.sparktune.jobs.run.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code trial.json} in a trial's directory: its values, and its outcome on each rung that it has ended; what a search that was
 * killed need not do again.
 */
record TrialRecord(Map<String, Object> values, List<Outcome> outcomes) {
    private static final String NAME = "trial.json";

    static TrialRecord read(FileSystem fs, Path directory, Trial trial) throws IOException {
        Path file = new Path(directory, NAME);
        if (!fs.exists(file)) {
            return new TrialRecord(trial.values(), List.of());
        }
        try (InputStream in = fs.open(file)) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), TrialRecord.class);
        }
    }

    /** Writes the record with one more outcome. */
    TrialRecord with(FileSystem fs, Path directory, Outcome outcome) throws IOException {
        List<Outcome> more = new ArrayList<>(outcomes);
        more.add(outcome);
        TrialRecord record = new TrialRecord(values, more);
        Path file = new Path(directory, NAME);
        Path partial = new Path(directory, NAME + ".__partial");
        try (OutputStream out = fs.create(partial, true)) {
            out.write(Json.write(record).getBytes(StandardCharsets.UTF_8));
        }
        fs.delete(file, false);
        if (!fs.rename(partial, file)) {
            throw new IOException("cannot rename " + partial + " to " + file);
        }
        return record;
    }

    /** Of the last rung that it ended. */
    Outcome last() {
        return outcomes.get(outcomes.size() - 1);
    }
}
