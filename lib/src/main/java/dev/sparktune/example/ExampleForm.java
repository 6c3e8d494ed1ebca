package dev.sparktune.example;

import dev.sparktune.example.ExampleWriteSupport.EncodedTurn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.parquet.io.api.Binary;

/** The forms in which trainers take examples. All have the columns that say what an example is; they differ in its texts. */
public enum ExampleForm {
    /** {@code prompt} and {@code completion} as strings; the space between them belongs to the completion. */
    PROMPT_COMPLETION,
    /** {@code prompt} and {@code completion} as lists of {@code {role, content}}: TRL's conversational form. */
    CHAT,
    /** {@code messages}: one list of {@code {role, content}}, as Axolotl and LLaMA-Factory take it. */
    MESSAGES;

    /** The one text column of {@link #MESSAGES}. */
    public static final String CONVERSATION = "messages";

    private static final Schema MESSAGE = SchemaBuilder.record("Message")
            .namespace("dev.sparktune")
            .fields()
            .requiredString("role")
            .requiredString("content")
            .endRecord();

    private final List<String> columns = columnsOf();
    private volatile Schema schema;

    /** Name of the directory and of the data set's configuration: {@code prompt_completion}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In the order of the file. */
    public List<String> columns() {
        return columns;
    }

    /** Whether the column is a list of {@code {role, content}}. */
    public boolean isConversation(String column) {
        return this != PROMPT_COMPLETION && (ExampleSchema.REQUIRED.contains(column) || column.equals(CONVERSATION));
    }

    private List<String> columnsOf() {
        List<String> names = new ArrayList<>(ExampleSchema.COLUMNS);
        if (name().equals("MESSAGES")) {
            names.set(names.indexOf(ExampleSchema.PROMPT), CONVERSATION);
            names.remove(ExampleSchema.COMPLETION);
        }
        return List.copyOf(names);
    }

    Schema schema() {
        if (schema == null) {
            SchemaBuilder.FieldAssembler<Schema> fields =
                    SchemaBuilder.record("Example").namespace("dev.sparktune").fields();
            for (String column : columns) {
                if (isConversation(column)) {
                    fields = fields.name(column)
                            .type(Schema.createArray(MESSAGE))
                            .noDefault();
                } else if (ExampleSchema.REQUIRED.contains(column)) {
                    fields = fields.requiredString(column);
                } else if (column.equals(ExampleSchema.ANSWER_CHOICES)) {
                    fields = fields.name(column)
                            .type()
                            .unionOf()
                            .nullType()
                            .and()
                            .array()
                            .items()
                            .stringType()
                            .endUnion()
                            .nullDefault();
                } else {
                    fields = fields.optionalString(column);
                }
            }
            schema = fields.endRecord();
        }
        return schema;
    }

    /** What {@link ExampleWriteSupport} takes for each column. */
    Object[] encoded(Example example, RepeatedTexts repeated) {
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(columns.get(i), example, repeated);
        }
        return values;
    }

    private Object value(String column, Example example, RepeatedTexts repeated) {
        return switch (column) {
            case ExampleSchema.ID -> text(example.id());
            case ExampleSchema.GROUP_ID -> text(example.groupId());
            case ExampleSchema.STRATUM -> repeated.encoded(example.stratum());
            case ExampleSchema.SOURCE -> repeated.encoded(example.source());
            case ExampleSchema.TASK -> repeated.encoded(example.task());
            case ExampleSchema.TEMPLATE_ID -> repeated.encoded(example.templateId());
            case ExampleSchema.TEMPLATE_HASH -> repeated.encoded(example.templateHash());
            case ExampleSchema.PROMPT -> this == CHAT ? asked(example) : text(example.prompt());
            case ExampleSchema.COMPLETION -> this == CHAT ? List.of(answered(example)) : text(example.completion());
            case ExampleSchema.ANSWER_CHOICES ->
                example.answerChoices() == null
                        ? null
                        : example.answerChoices().stream()
                                .map(repeated::encoded)
                                .toList();
            case ExampleSchema.TARGET_LABEL -> text(example.targetLabel());
            case CONVERSATION -> conversation(example);
            default -> throw new IllegalStateException("no value for column " + column);
        };
    }

    private static Binary text(String text) {
        return text == null ? null : Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<EncodedTurn> conversation(Example example) {
        List<EncodedTurn> turns = new ArrayList<>(asked(example));
        turns.add(answered(example));
        return turns;
    }

    private static List<EncodedTurn> asked(Example example) {
        List<Example.Turn> turns = example.turns();
        return turns == null
                ? List.of(message("user", example.prompt()))
                : turns.subList(0, turns.size() - 1).stream()
                        .map(turn -> message(turn.role(), turn.content()))
                        .toList();
    }

    /** A chat template puts its own signs between the turns: the separating space is not part of the answer. */
    private static EncodedTurn answered(Example example) {
        List<Example.Turn> turns = example.turns();
        return message(
                "assistant",
                turns == null
                        ? example.completion().stripLeading()
                        : turns.get(turns.size() - 1).content());
    }

    private static EncodedTurn message(String role, String content) {
        return new EncodedTurn(text(role), text(content));
    }
}
