package dev.sparktune.jobs.generate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;

import dev.sparktune.jobs.prepare.ColumnCheck;
import dev.sparktune.jobs.prepare.SourceTable;
import dev.sparktune.jobs.prepare.TemplateSet;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.GenerateSettings;
import dev.sparktune.jobs.settings.PromptTemplateSettings;
import dev.sparktune.jobs.settings.TemplateSettings;
import dev.sparktune.jobs.train.PromptCompletionData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a run is to complete: {@code id}, {@code prompt}, and {@code reason}, which says why a row has no prompt and is null
 * in others. Prompts are a column of the user's table, or a template makes them of its columns.
 */
public final class PromptTable {
    private static final StructType SCHEMA = StructType.fromDDL("id STRING, prompt STRING, reason STRING");
    private static final String TEMPLATE = "generate.template";
    /** Behind the columns that templates see. */
    private static final String ID = "__id";

    private final JobContext job;
    private final GenerateSettings settings;
    private final String place;

    private PromptTable(JobContext job) {
        this.job = job;
        this.settings = job.settings().generate();
        this.place = Redaction.text(String.join(", ", settings.input()));
    }

    /**
     * No row is read before an action, but those few that show whether the template's columns are there.
     *
     * @throws JobFailure for a column or template that is not there, naming those that are, and an expression that is none
     */
    public static Dataset<Row> read(JobContext job) throws IOException {
        PromptTable prompts = new PromptTable(job);
        List<String> paths = new ArrayList<>();
        for (String uri : job.settings().generate().input()) {
            paths.add(job.locations().path(uri).toString());
        }
        Dataset<Row> table = job.spark().read().parquet(paths.toArray(String[]::new));
        Column id = prompts.id(table);
        return prompts.settings.promptColumn() != null ? prompts.column(table, id) : prompts.rendered(table, id);
    }

    private Column id(Dataset<Row> table) {
        if (settings.idColumn() == null) {
            return substring(sha2(to_json(struct(col("*"))), 256), 1, 16);
        }
        if (!List.of(table.columns()).contains(settings.idColumn())) {
            throw new JobFailure("generate.id_column: " + place + " has no column '" + settings.idColumn()
                    + "'; it has " + String.join(", ", table.columns()));
        }
        return coalesce(col("`" + settings.idColumn() + "`").cast(DataTypes.StringType), lit(""));
    }

    private Dataset<Row> column(Dataset<Row> table, Column id) {
        PromptCompletionData.requireText(table.schema(), settings.promptColumn(), place);
        return table.select(
                id.as("id"),
                col("`" + settings.promptColumn() + "`").as("prompt"),
                lit(null).cast(DataTypes.StringType).as("reason"));
    }

    private Dataset<Row> rendered(Dataset<Row> table, Column id) throws IOException {
        PromptTemplateSettings template = settings.template();
        TemplateSet templates = TemplateSet.read(
                TEMPLATE,
                new TemplateSettings(template.library(), template.dataset(), List.of(template.name())),
                job.locations());
        List<Column> selected = new ArrayList<>();
        template.columns().forEach((name, expression) -> {
            Column column = expr(expression).as(name);
            SourceTable.analysed(TEMPLATE + ".columns." + name + ": " + expression, () -> table.select(column));
            selected.add(column);
        });
        if (selected.isEmpty()) {
            selected.add(col("*"));
        }
        selected.add(id.as(ID));
        Dataset<Row> seen = SourceTable.timesAsText(table.select(selected.toArray(Column[]::new)));
        List<String> columns = Arrays.asList(seen.columns()).subList(0, seen.columns().length - 1);
        ColumnCheck.check(seen, columns, templates, (one, row) -> one.prompt(row, 0), TEMPLATE + ".columns");
        return seen.map(new PromptRenderer(columns, templates), Encoders.row(SCHEMA));
    }
}
