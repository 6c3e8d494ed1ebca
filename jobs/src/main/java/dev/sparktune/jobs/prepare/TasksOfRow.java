package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.split.KeyHash;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.jinja.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Of which tasks a row gives an example: a mixture counts those that there are, not those that might be. */
final class TasksOfRow {
    private static final int MOST_TASKS = Long.SIZE - 1;

    private TasksOfRow() {}

    /**
     * Long: bit i for the i-th of the tasks.
     *
     * @throws JobFailure for more than 63 tasks
     */
    static Column of(PlacedTable table, TemplateSet templates, List<String> tasks) {
        if (tasks.size() > MOST_TASKS) {
            throw new JobFailure("mixture: at most " + MOST_TASKS + " tasks can be mixed, there are " + tasks.size());
        }
        List<String> columns = new ArrayList<>(table.columns());
        List<String> order = new ArrayList<>(tasks);
        return udf(
                        (UDF2<Row, String, Long>) (row, id) -> bits(RowValues.of(row, columns), id, templates, order),
                        DataTypes.LongType)
                .apply(struct(columns.stream().map(InputTable::column).toArray(Column[]::new)), col(InputTable.ID));
    }

    private static long bits(Map<String, Object> row, String id, TemplateSet templates, List<String> tasks) {
        long bits = 0;
        for (PromptTemplate template : templates.all()) {
            long bit = 1L << tasks.indexOf(template.task());
            if ((bits & bit) == 0 && gives(template, row, id)) {
                bits |= bit;
            }
        }
        return bits;
    }

    private static boolean gives(PromptTemplate template, Map<String, Object> row, String id) {
        try {
            return template.render(row, KeyHash.of(template.id(), id)) instanceof Rendering.Example;
        } catch (TemplateException e) {
            return false; // counted when all rows are rendered
        }
    }
}
