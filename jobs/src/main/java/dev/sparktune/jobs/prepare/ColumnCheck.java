package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.jinja.TemplateException;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * Renders a few rows before anything is written: Jinja renders a name that it does not know as nothing, so a column that is
 * misspelt or missing would show only as strange prompts.
 */
final class ColumnCheck {
    private static final int ROWS = 20;
    /** Names that Jinja itself gives a meaning. */
    private static final Set<String> GLOBALS =
            Set.of("range", "namespace", "zip", "dict", "lipsum", "cycler", "joiner", "self");

    private ColumnCheck() {}

    /** @throws JobFailure naming the template, the column it asks for, and those that are there */
    static void check(InputTable table, TemplateSet templates) {
        List<Row> rows = table.rows().where(col(InputTable.REASON).isNull()).takeAsList(ROWS);
        for (PromptTemplate template : templates.all()) {
            Set<String> missing = new TreeSet<>();
            for (Row row : rows) {
                Asked asked = new Asked(RowValues.of(row, table.columns()));
                try {
                    template.render(asked, 0);
                } catch (TemplateException e) {
                    // Such renderings are counted when all rows are rendered; here only names matter.
                }
                missing.addAll(asked.missing);
            }
            missing.removeAll(GLOBALS);
            missing.removeIf(name -> asksWhetherDefined(template, name));
            if (!missing.isEmpty()) {
                throw new JobFailure("template '" + template.name() + "' asks for " + quoted(missing)
                        + ", but the columns are " + quoted(table.columns())
                        + "; input.columns can make one by a Spark SQL expression");
            }
        }
    }

    private static boolean asksWhetherDefined(PromptTemplate template, String name) {
        return Pattern.compile("\\b" + Pattern.quote(name) + "\\s+is\\s+(not\\s+)?(un)?defined")
                .matcher(template.definition().jinja())
                .find();
    }

    private static String quoted(Collection<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /** A row that remembers what was asked of it in vain. */
    private static final class Asked extends AbstractMap<String, Object> {
        private final Map<String, Object> row;
        private final Set<String> missing = new TreeSet<>();

        Asked(Map<String, Object> row) {
            this.row = row;
        }

        @Override
        public Object get(Object name) {
            return row.get(name);
        }

        @Override
        public boolean containsKey(Object name) {
            boolean there = row.containsKey(name);
            if (!there) {
                missing.add((String) name);
            }
            return there;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return row.entrySet();
        }
    }
}
