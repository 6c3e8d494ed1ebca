package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import dev.sparktune.clean.CleaningStep;
import dev.sparktune.clean.LetterCase;
import dev.sparktune.clean.TextCleaner;
import dev.sparktune.jobs.input.InputForm;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.CleanSettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** The cleaning steps done to a table: each column's text is replaced, and the row remembers which steps changed it. */
final class RowCleaning {
    /** As plans call it. */
    static final String UDF = "clean_text";

    private static final String TEXT = "text";
    private static final String STEPS = "steps";
    private static final StructType CLEANED_TEXT =
            new StructType().add(TEXT, DataTypes.StringType).add(STEPS, DataTypes.LongType);
    private static final StructType CLEANED_TEXTS = new StructType()
            .add(TEXT, DataTypes.createArrayType(DataTypes.StringType))
            .add(STEPS, DataTypes.LongType);
    /** Column of what a column's cleaning brought; its number follows. */
    private static final String RESULT = "__clean_";

    private RowCleaning() {}

    /** What the settings alone can tell. */
    static void check(CleanSettings clean) {
        boolean cases = clean.steps().contains(CleaningStep.CASE.key());
        if (cases == clean.categories().isEmpty()) {
            throw new SettingsException(
                    cases
                            ? "clean.steps: case needs clean.categories, the columns and their case"
                            : "clean.categories: is given, but clean.steps has no case");
        }
        clean.categories().forEach((column, letters) -> {
            try {
                LetterCase.named(letters);
            } catch (IllegalArgumentException e) {
                throw new SettingsException("clean.categories." + column + ": " + e.getMessage());
            }
        });
        if (clean.steps().isEmpty() && !clean.columns().isEmpty()) {
            throw new SettingsException("clean.columns: is given, but clean.steps is empty");
        }
    }

    /**
     * Adds {@link InputTable#CLEANED}. A column is cleaned once, and only in a plan that uses it: what the optimiser takes for
     * random it does not copy.
     *
     * @param names the columns that templates see
     * @param keys of the row, which are cleaned only where the user names them
     * @throws JobFailure for a column that is not there or holds no text
     */
    static Dataset<Row> of(Dataset<Row> rows, List<String> names, Collection<String> keys, CleanSettings clean) {
        Set<CleaningStep> steps = EnumSet.noneOf(CleaningStep.class);
        clean.steps().forEach(step -> steps.add(CleaningStep.named(step)));
        steps.remove(CleaningStep.CASE);
        Set<String> texts = new LinkedHashSet<>();
        if (!steps.isEmpty()) {
            texts.addAll(clean.columns().isEmpty() ? texts(rows.schema(), names, keys) : clean.columns());
        }
        Set<String> cleaned = new LinkedHashSet<>(texts);
        cleaned.addAll(clean.categories().keySet());
        if (cleaned.isEmpty()) {
            return rows.withColumn(InputTable.CLEANED, lit(0L));
        }
        Map<String, Column> results = new LinkedHashMap<>();
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : cleaned) {
            String result = RESULT + results.size();
            String letters = clean.categories().get(name);
            TextCleaner cleaner = new TextCleaner(texts.contains(name) ? steps : Set.of());
            LetterCase letterCase = letters == null ? null : LetterCase.named(letters);
            DataType type = rows.schema().apply(name).dataType();
            if (type.equals(DataTypes.StringType)) {
                results.put(result, text(cleaner, letterCase).apply(InputTable.column(name)));
                columns.put(name, col(result + "." + TEXT));
            } else if (letters == null && isMessages(name, type)) {
                results.put(
                        result, contents(cleaner).apply(InputTable.column(name).getField("content")));
                columns.put(
                        name,
                        expr("transform(" + name + ", (m, i) -> named_struct('role', m.role, 'content', " + result + "."
                                + TEXT + "[i]))"));
            } else {
                throw new JobFailure((letters == null ? "clean.columns" : "clean.categories") + ": column '" + name
                        + "' is of type " + type.simpleString() + ", not a text");
            }
        }
        return replaced(rows, results, columns);
    }

    private static Dataset<Row> replaced(Dataset<Row> rows, Map<String, Column> results, Map<String, Column> columns) {
        List<Column> beside = new ArrayList<>(List.of(col("*")));
        results.forEach((name, column) -> beside.add(column.as(name)));
        List<Column> selected = new ArrayList<>();
        for (String name : rows.columns()) {
            selected.add(columns.getOrDefault(name, InputTable.column(name)).as(name));
        }
        Column steps = lit(0L);
        for (String result : results.keySet()) {
            steps = steps.bitwiseOR(coalesce(col(result + "." + STEPS), lit(0L)));
        }
        selected.add(steps.as(InputTable.CLEANED));
        return rows.select(beside.toArray(new Column[0])).select(selected.toArray(new Column[0]));
    }

    private static List<String> texts(StructType schema, List<String> names, Collection<String> keys) {
        return Arrays.stream(schema.fields())
                .filter(field -> names.contains(field.name()) && !keys.contains(field.name()))
                .filter(field ->
                        field.dataType().equals(DataTypes.StringType) || isMessages(field.name(), field.dataType()))
                .map(StructField::name)
                .toList();
    }

    private static boolean isMessages(String name, DataType type) {
        return InputForm.MESSAGES.columns().contains(name)
                && type.catalogString().equals("array<struct<role:string,content:string>>");
    }

    private static UserDefinedFunction text(TextCleaner cleaner, LetterCase letterCase) {
        UDF1<String, Row> clean = text -> {
            if (text == null) {
                return null;
            }
            TextCleaner.Cleaned cleaned = cleaner.clean(text);
            if (letterCase == null) {
                return RowFactory.create(cleaned.text(), cleaned.steps());
            }
            String folded = letterCase.apply(cleaned.text());
            long steps = cleaned.steps() | (folded.equals(cleaned.text()) ? 0 : CleaningStep.CASE.bit());
            return RowFactory.create(folded, steps);
        };
        return udf(clean, CLEANED_TEXT).withName(UDF).asNondeterministic();
    }

    private static UserDefinedFunction contents(TextCleaner cleaner) {
        UDF1<Seq<String>, Row> clean = contents -> {
            if (contents == null) {
                return null;
            }
            List<String> texts = new ArrayList<>();
            long steps = 0;
            for (String content : JavaConverters.seqAsJavaList(contents)) {
                TextCleaner.Cleaned cleaned = content == null ? null : cleaner.clean(content);
                texts.add(cleaned == null ? null : cleaned.text());
                steps |= cleaned == null ? 0 : cleaned.steps();
            }
            return RowFactory.create(texts.toArray(new String[0]), steps);
        };
        return udf(clean, CLEANED_TEXTS).withName(UDF).asNondeterministic();
    }
}
