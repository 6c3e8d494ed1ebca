package dev.sparktune.jobs.prepare;

import dev.sparktune.clean.CleaningStep;
import dev.sparktune.example.Example;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.KeyHash;
import dev.sparktune.split.SplitSizes;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the rows of a partition of a {@link PlacedTable}: rows of one id lie side by side, the one to keep first,
 * and marks in front of those they are for; among them stand the notices of {@link RepeatedIds}. Bad rows, marked ones and repeated ids go to quarantine, every other row into its
 * group's split, rendered by every template.
 */
final class RecordRenderer implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String NOT_IN_MIXTURE = "the mixture has enough of the task";
    private static final String ANOTHER_PHRASING = "another phrasing was drawn";
    private static final Logger LOG = LoggerFactory.getLogger(RecordRenderer.class);

    private final ArrayList<String> columns;
    private final TemplateSet templates;
    private final BucketMap map;
    private final SplitSizes sizes;
    private final MixtureRule mixture;
    private final GroupKey groupKey;
    private final ExampleLengths lengths;
    private final String source;
    private final boolean textsMayBeLogged;

    /**
     * @param columns the table's, in front of its keys
     * @param textsMayBeLogged whether a message may quote the row
     */
    RecordRenderer(
            List<String> columns,
            TemplateSet templates,
            BucketMap map,
            SplitSizes sizes,
            MixtureRule mixture,
            GroupKey groupKey,
            ExampleLengths lengths,
            String source,
            boolean textsMayBeLogged) {
        this.columns = new ArrayList<>(columns);
        this.templates = templates;
        this.map = map;
        this.sizes = sizes;
        this.mixture = mixture;
        this.groupKey = groupKey;
        this.lengths = lengths;
        this.source = source;
        this.textsMayBeLogged = textsMayBeLogged;
    }

    /** Takes what comes out. */
    interface Output {
        /** @param recordHash {@link InputTable#HASH} */
        void example(int split, long recordHash, Example example) throws IOException;

        /** @param row as JSON */
        void quarantined(String reason, String id, String row) throws IOException;
    }

    /** @return what became of the rows, counted */
    Tally render(Iterator<Row> rows, Output output) throws IOException {
        Part part = null;
        while (rows.hasNext()) {
            Row row = rows.next();
            part = part == null ? new Part(row.schema(), output) : part;
            part.take(row);
        }
        return part == null ? new Tally() : part.tally;
    }

    /** One row in, its renderings out: nothing else is held. */
    private final class Part {
        private final int markAt;
        private final int excludedAt;
        private final int cleanedAt;
        private final int idAt;
        private final int reasonAt;
        private final int hashAt;
        private final int tieAt;
        private final int groupAt;
        private final int stratumAt;
        private final Output output;
        private final Tally tally = new Tally();
        private final Set<String> failed = new HashSet<>();
        private final Map<String, List<PromptTemplate>> tasks = templates.byTask();
        private final RepeatedIds ids = new RepeatedIds();
        private Row mark;
        private Row lastKept;

        Part(StructType rows, Output output) {
            markAt = rows.fieldIndex(PlacedTable.MARK);
            excludedAt = rows.fieldIndex(InputTable.EXCLUDED);
            cleanedAt = rows.fieldIndex(InputTable.CLEANED);
            idAt = rows.fieldIndex(InputTable.ID);
            reasonAt = rows.fieldIndex(InputTable.REASON);
            hashAt = rows.fieldIndex(InputTable.HASH);
            tieAt = rows.fieldIndex(PlacedTable.TIE);
            groupAt = rows.fieldIndex(InputTable.GROUP);
            stratumAt = rows.fieldIndex(InputTable.STRATUM);
            this.output = output;
        }

        private void take(Row row) throws IOException {
            if (!row.isNullAt(markAt)) {
                if (row.getString(markAt).equals(RepeatedIds.NOTICE)) {
                    ids.isFirst(row.getLong(hashAt), row.getLong(tieAt));
                } else {
                    mark = mark != null && sameRow(mark, row) ? mark : row;
                }
                return;
            }
            String reason = row.getString(reasonAt);
            if (reason == null && !ids.isFirst(row.getLong(hashAt), row.getLong(tieAt))) {
                reason = RepeatedIds.REASON;
            }
            if (row.getBoolean(excludedAt)) {
                tally.add(Tally.Kind.EXCLUDED, "", "", 1);
                return;
            }
            for (CleaningStep step : CleaningStep.of(row.getLong(cleanedAt))) {
                tally.add(Tally.Kind.CLEANED, step.key(), "", 1);
            }
            String id = row.getString(idAt);
            if (reason == null && mark != null && sameRow(mark, row)) {
                reason = mark.getString(markAt);
            } else if (reason == null && lastKept != null && id.equals(lastKept.getString(idAt))) {
                reason = RepeatedIds.REASON;
            }
            if (reason != null) {
                quarantine(row, id, reason);
                return;
            }
            lastKept = row;
            place(row, id);
        }

        private boolean sameRow(Row a, Row b) {
            return a.getLong(hashAt) == b.getLong(hashAt) && a.getLong(tieAt) == b.getLong(tieAt);
        }

        private void quarantine(Row row, String id, String reason) throws IOException {
            tally.add(Tally.Kind.QUARANTINED, reason, "", 1);
            if (reason.equals(NearDuplicates.OF_EVALUATION)) {
                String split = map.fractions().name(map.splitOf(row.getString(groupAt)));
                tally.add(Tally.Kind.LEFT, split, row.getString(stratumAt), 1);
            }
            output.quarantined(reason, id, RowJson.of(row, columns));
        }

        private void place(Row row, String id) throws IOException {
            String group = row.getString(groupAt);
            String stratum = row.getString(stratumAt);
            long hash = row.getLong(hashAt);
            int split = map.splitOf(group);
            String splitName = map.fractions().name(split);
            if (!sizes.holds(splitName, stratum, hash)) {
                tally.add(Tally.Kind.RESERVE, splitName, stratum, 1);
                return;
            }
            tally.add(Tally.Kind.KEPT, splitName, stratum, 1);
            Origin origin = new Origin(id, hash, groupKey.idOf(group), stratum, split, splitName);
            Map<String, Object> values = RowValues.of(row, columns);
            boolean train = splitName.equals(SplitPlan.TRAIN);
            for (Map.Entry<String, List<PromptTemplate>> task : tasks.entrySet()) {
                if (!train) {
                    for (PromptTemplate template : task.getValue()) {
                        render(origin, values, template);
                    }
                } else if (mixture.takes(task.getKey(), hash)) {
                    renderForTraining(origin, values, task.getValue());
                } else {
                    task.getValue().forEach(template -> skip(template, NOT_IN_MIXTURE));
                }
            }
        }

        private void renderForTraining(Origin origin, Map<String, Object> values, List<PromptTemplate> phrasings)
                throws IOException {
            boolean rendered = false;
            for (PromptTemplate template : mixture.order(phrasings, origin.id())) {
                if (rendered && mixture.onePhrasing()) {
                    skip(template, ANOTHER_PHRASING);
                } else {
                    rendered |= render(origin, values, template);
                }
            }
        }

        /** @return whether it gave an example */
        private boolean render(Origin origin, Map<String, Object> values, PromptTemplate template) throws IOException {
            Rendering rendering;
            try {
                rendering = template.render(values, KeyHash.of(template.id(), origin.id()));
            } catch (TemplateException e) {
                // The message may quote the row: it is for the log, not for the counts.
                skip(template, "the template failed in line " + e.line());
                if (failed.add(template.id())) {
                    LOG.warn(
                            "a rendering failed, others may: {}",
                            textsMayBeLogged
                                    ? e.getMessage()
                                    : "template '" + template.name() + "', line " + e.line()
                                            + " (privacy.examples is false)");
                }
                return false;
            }
            if (rendering instanceof Rendering.Skipped skipped) {
                skip(template, skipped.reason().text());
                return false;
            }
            add(origin, values, template, (Rendering.Example) rendering);
            return true;
        }

        private void add(Origin origin, Map<String, Object> row, PromptTemplate template, Rendering.Example rendered)
                throws IOException {
            tally.add(Tally.Kind.EXAMPLES, origin.splitName(), template.id(), 1);
            Example example = new Example(
                    origin.id(),
                    origin.groupId(),
                    origin.stratum(),
                    source,
                    template.task(),
                    template.id(),
                    template.hash(),
                    rendered.prompt(),
                    " " + rendered.completionTarget(),
                    rendered.answerChoices(),
                    rendered.completionTarget(),
                    ChatTurns.of(row, rendered.completionTarget()));
            lengths.measure(example, tally);
            output.example(origin.split(), origin.hash(), example);
        }

        private void skip(PromptTemplate template, String reason) {
            tally.add(Tally.Kind.SKIPPED, template.id(), reason, 1);
        }
    }

    /** What a record's examples have in common. */
    private record Origin(String id, long hash, String groupId, String stratum, int split, String splitName) {}
}
