package dev.sparktune.report;

import java.util.List;

/**
 * One task, with the shots it was tried with.
 *
 * @param task its name, and where the data come from when not from the pipeline's own
 * @param split such as {@code test}
 * @param choices the answers to choose from; empty when answers are written freely
 * @param runs by number of shots, ascending; at least one
 */
public record TaskReport(String task, String split, List<String> choices, List<ShotsReport> runs) {
    /** The run with the fewest shots: what the model can do by itself. */
    public ShotsReport first() {
        return runs.get(0);
    }
}
