package dev.sparktune.jobs.generate;

import dev.sparktune.jobs.prepare.RowValues;
import dev.sparktune.jobs.prepare.TemplateSet;
import dev.sparktune.split.KeyHash;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.jinja.TemplateException;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes a row of a {@link PromptTable} of a row of the user's: the columns that the template sees, then the id. */
final class PromptRenderer implements MapFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    private final List<String> columns;
    private final TemplateSet templates;

    /** @param templates one template */
    PromptRenderer(List<String> columns, TemplateSet templates) {
        this.columns = List.copyOf(columns);
        this.templates = templates;
    }

    @Override
    public Row call(Row row) {
        PromptTemplate template = templates.all().get(0);
        String id = row.getString(columns.size());
        Map<String, Object> values = RowValues.of(row, columns);
        try {
            String prompt = template.prompt(values, KeyHash.of(template.id(), id)); // drawn as prepare draws
            return prompt.isEmpty()
                    ? RowFactory.create(id, null, Rendering.Reason.EMPTY_PROMPT.text())
                    : RowFactory.create(id, prompt, null);
        } catch (TemplateException e) {
            // The message may quote the row: the line alone tells rows of one kind together.
            return RowFactory.create(id, null, "the template failed in line " + e.line());
        }
    }
}
