package dev.sparktune.jobs.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import dev.sparktune.jobs.run.JobFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a row is. All but a table of the user's own have columns of fixed names, and templates for them that come with the jar. */
public enum InputForm {
    TABLE(List.of()),
    /** Instruction data as Stanford's Alpaca has it; {@code response} is another name for {@code output}. */
    ALPACA(List.of("instruction", "input", "output")),
    /** Chats: {@code messages} of role and content, or {@code conversations} of from and value as ShareGPT has them. */
    MESSAGES(List.of("messages"));

    /** In ShareGPT's words → in those of chat templates; others stay, in lower case. */
    private static final String ROLES = "CASE lower(%1$s) WHEN 'human' THEN 'user' WHEN 'gpt' THEN 'assistant'"
            + " WHEN 'chatgpt' THEN 'assistant' WHEN 'bot' THEN 'assistant' WHEN 'model' THEN 'assistant'"
            + " ELSE lower(%1$s) END";

    private final List<String> columns;

    InputForm(List<String> columns) {
        this.columns = columns;
    }

    /** As the setting has it. */
    public static InputForm named(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** As the setting has it; for all but {@link #TABLE} also the data set of the shipped templates. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The columns that templates see; empty for the user's own. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The table with the columns of this form.
     *
     * @throws JobFailure for a table that is not of this form, naming its columns
     */
    public Dataset<Row> of(Dataset<Row> table) {
        return switch (this) {
            case TABLE -> table;
            case ALPACA -> alpaca(table);
            case MESSAGES -> messages(table);
        };
    }

    private static Dataset<Row> alpaca(Dataset<Row> table) {
        Column input = has(table, "input") ? col("input") : lit(null).cast("string");
        Dataset<Row> form = table.withColumn("output", anyOf(table, "output", "response"))
                .withColumn("instruction", anyOf(table, "instruction"))
                .withColumn("input", input);
        for (String column : ALPACA.columns) {
            DataType type = form.schema().apply(column).dataType();
            if (!type.equals(DataTypes.StringType)) {
                throw new JobFailure("input.form is alpaca, but the column '" + column + "' is of type "
                        + type.simpleString() + ", not a text");
            }
        }
        return form;
    }

    private static Column anyOf(Dataset<Row> table, String... names) {
        Column[] there = Arrays.stream(names)
                .filter(name -> has(table, name))
                .map(name -> col(name))
                .toArray(Column[]::new);
        if (there.length == 0) {
            throw new JobFailure("input.form is alpaca, but there is no column " + String.join(" or ", names)
                    + "; there are " + String.join(", ", table.columns()));
        }
        return coalesce(there);
    }

    private static Dataset<Row> messages(Dataset<Row> table) {
        for (String name : List.of("messages", "conversations")) {
            if (has(table, name)) {
                return table.withColumn(
                        "messages", expr(turns(name, table.schema().apply(name).dataType())));
            }
        }
        throw new JobFailure("input.form is messages, but there is no column messages or conversations; there are "
                + String.join(", ", table.columns()));
    }

    private static String turns(String name, DataType type) {
        if (type instanceof ArrayType list && list.elementType() instanceof StructType turn) {
            List<String> fields = List.of(turn.fieldNames());
            String role = fields.contains("role") ? "role" : "from";
            String content = fields.contains("content") ? "content" : "value";
            if (fields.contains(role)
                    && fields.contains(content)
                    && turn.apply(role).dataType().equals(DataTypes.StringType)
                    && turn.apply(content).dataType().equals(DataTypes.StringType)) {
                return "transform(" + name + ", m -> named_struct('role', " + ROLES.formatted("m." + role)
                        + ", 'content', m." + content + "))";
            }
        }
        throw new JobFailure("input.form is messages, but the column " + name + " is of type " + type.simpleString()
                + ", not a list of role and content, or from and value, each a text");
    }

    private static boolean has(Dataset<Row> table, String name) {
        return Arrays.asList(table.columns()).contains(name);
    }
}
