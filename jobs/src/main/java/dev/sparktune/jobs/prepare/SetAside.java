package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Marks of the rows that are set aside because of other rows. */
final class SetAside implements AutoCloseable {
    private final PlacedTable table;
    private final Settings settings;
    private final List<NearDuplicates> found = new ArrayList<>();
    private Dataset<Row> marks;

    SetAside(PlacedTable table, Settings settings) {
        this.table = table;
        this.settings = settings;
        this.marks = DuplicateTexts.marks(table, settings.clean().exactDuplicates());
    }

    boolean looksForNearDuplicates() {
        return !settings.clean().nearDuplicates().isEmpty()
                || !settings.split().nearDuplicates().isEmpty();
    }

    /** Those within the whole table, and those of evaluation rows in train. */
    SetAside findNearDuplicates() {
        double bound = settings.split().jaccard();
        if (!settings.clean().nearDuplicates().isEmpty()) {
            NearDuplicates any = NearDuplicates.among(table, settings.clean().nearDuplicates(), bound, false);
            found.add(any);
            marks = marks.union(any.marks());
        }
        if (!settings.split().nearDuplicates().isEmpty()) {
            NearDuplicates across = NearDuplicates.among(table, settings.split().nearDuplicates(), bound, true);
            found.add(across);
            marks = marks.union(across.marksInTrain());
        }
        return this;
    }

    /** As {@link PlacedTable#MARKS}; a row may have several. */
    Dataset<Row> marks() {
        return marks;
    }

    /** Pairs found between two splits, before any row left; null where they were not looked for. */
    SortedMap<String, Long> nearDuplicates() {
        return found.isEmpty()
                ? null
                : found.get(found.size() - 1).found(table.map().fractions().names());
    }

    @Override
    public void close() {
        found.forEach(NearDuplicates::close);
    }
}
