package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.jinja.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** How long a row's prompts and completions are, all templates together: characters, near enough bytes. */
final class RenderedBytes {
    private RenderedBytes() {}

    static Column of(InputTable table, TemplateSet templates) {
        List<String> columns = new ArrayList<>(table.columns()); // no others are read for this
        columns.retainAll(templates.fields());
        return udf((UDF1<Row, Long>) row -> characters(RowValues.of(row, columns), templates), DataTypes.LongType)
                .apply(struct(columns.stream().map(InputTable::column).toArray(Column[]::new)));
    }

    private static long characters(Map<String, Object> row, TemplateSet templates) {
        long characters = 0;
        for (PromptTemplate template : templates.all()) {
            try {
                if (template.render(row, 0) instanceof Rendering.Example example) {
                    characters += example.prompt().length()
                            + example.completionTarget().length();
                }
            } catch (TemplateException e) {
                // Counted when all rows are rendered.
            }
        }
        return characters;
    }
}
