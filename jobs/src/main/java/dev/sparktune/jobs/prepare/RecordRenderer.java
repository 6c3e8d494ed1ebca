package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.KeyHash;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.jinja.TemplateException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@link RenderedRow}s of a partition of an {@link InputTable}: rows of one id lie side by side, the one to keep
 * first. Bad rows and repeated ids go to quarantine, every other row into its group's split, rendered by every template.
 */
final class RecordRenderer implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RecordRenderer.class);
    private static final String DUPLICATE = "duplicate id";

    private final List<String> columns;
    private final TemplateSet templates;
    private final BucketMap map;
    private final GroupKey groupKey;
    private final String source;

    /** @param columns the table's, in front of its keys */
    RecordRenderer(List<String> columns, TemplateSet templates, BucketMap map, GroupKey groupKey, String source) {
        this.columns = List.copyOf(columns);
        this.templates = templates;
        this.map = map;
        this.groupKey = groupKey;
        this.source = source;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Renderings(rows);
    }

    /** One row in, its renderings out, the tally at the end: nothing else is held. */
    private final class Renderings implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Queue<Row> ready = new ArrayDeque<>();
        private final Tally tally = new Tally();
        private final Set<String> failed = new HashSet<>();
        private String lastId;
        private boolean told;

        Renderings(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                take(rows.next());
            }
            if (ready.isEmpty() && !told) {
                ready.add(RenderedRow.tally(map.fractions().size() + 1, tally));
                told = true;
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void take(Row row) {
            String id = row.getAs(InputTable.ID);
            String reason = row.getAs(InputTable.REASON);
            if (reason == null && id.equals(lastId)) {
                reason = DUPLICATE;
            }
            if (reason != null) {
                quarantine(row, id, reason);
                return;
            }
            lastId = id;
            render(row, id);
        }

        private void quarantine(Row row, String id, String reason) {
            tally.add(Tally.Kind.QUARANTINED, reason, "", 1);
            long order = row.<Long>getAs(InputTable.HASH);
            ready.add(RenderedRow.quarantined(map.fractions().size(), order, id, reason, RowJson.of(row, columns)));
        }

        private void render(Row row, String id) {
            String group = row.getAs(InputTable.GROUP);
            String stratum = row.getAs(InputTable.STRATUM);
            int split = map.splitOf(group);
            String splitName = map.fractions().name(split);
            tally.add(Tally.Kind.KEPT, splitName, stratum, 1);
            String groupId = groupKey.idOf(group);
            Map<String, Object> values = RowValues.of(row, columns);
            for (PromptTemplate template : templates.all()) {
                Rendering rendering;
                try {
                    rendering = template.render(values, KeyHash.of(template.id(), id));
                } catch (TemplateException e) {
                    // The message may quote the row: it is for the log, not for the counts.
                    skip(template, "the template failed in line " + e.line());
                    if (failed.add(template.id())) {
                        LOG.warn("a rendering failed, others may: {}", e.getMessage());
                    }
                    continue;
                }
                if (rendering instanceof Rendering.Skipped skipped) {
                    skip(template, skipped.reason().text());
                } else if (rendering instanceof Rendering.Example rendered) {
                    tally.add(Tally.Kind.EXAMPLES, splitName, template.id(), 1);
                    Example example = new Example(
                            id,
                            groupId,
                            stratum,
                            source,
                            template.task(),
                            template.id(),
                            template.hash(),
                            rendered.prompt(),
                            " " + rendered.completionTarget(),
                            rendered.answerChoices(),
                            rendered.completionTarget());
                    ready.add(RenderedRow.example(split, order(id, template), example));
                }
            }
        }

        private long order(String id, PromptTemplate template) {
            return KeyHash.of(map.salt() + "/order", id + "/" + template.id());
        }

        private void skip(PromptTemplate template, String reason) {
            tally.add(Tally.Kind.SKIPPED, template.id(), reason, 1);
        }
    }
}
