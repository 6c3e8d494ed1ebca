package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.jinja.TemplateException;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Renders a few rows before anything is written, where a template names a column that is not there: Jinja renders a name that it
 * does not know as nothing, so a column that is misspelt or missing would show only as strange prompts. A branch that no row takes
 * may ask for what it likes.
 */
public final class ColumnCheck {
    private static final int ROWS = 20;
    /** Names that Jinja itself gives a meaning. */
    private static final Set<String> GLOBALS =
            Set.of("range", "namespace", "zip", "dict", "lipsum", "cycler", "joiner", "self");

    private ColumnCheck() {}

    /**
     * @param table its first columns those that templates see
     * @param columns their names
     * @param render how the job renders
     * @param key of the setting that can make a column, for errors
     * @throws JobFailure naming the template, the column it asks for, and those that are there
     */
    public static void check(
            Dataset<Row> table,
            List<String> columns,
            TemplateSet templates,
            BiConsumer<PromptTemplate, Map<String, Object>> render,
            String key) {
        List<PromptTemplate> asking = templates.all().stream()
                .filter(template -> !columns.containsAll(template.fields().keySet()))
                .toList();
        List<Row> rows = asking.isEmpty() ? List.of() : table.takeAsList(ROWS);
        for (PromptTemplate template : asking) {
            Set<String> missing = new TreeSet<>();
            for (Row row : rows) {
                Asked asked = new Asked(RowValues.of(row, columns));
                try {
                    render.accept(template, asked);
                } catch (TemplateException e) {
                    // Such renderings are counted when all rows are rendered; here only names matter.
                }
                missing.addAll(asked.missing);
            }
            missing.removeAll(GLOBALS);
            missing.removeIf(name -> asksWhetherDefined(template, name));
            if (!missing.isEmpty()) {
                throw new JobFailure("template '" + template.name() + "' asks for " + quoted(missing)
                        + ", but the columns are " + quoted(columns)
                        + "; " + key + " can make one by a Spark SQL expression");
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
