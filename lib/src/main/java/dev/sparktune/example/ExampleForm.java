package dev.sparktune.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

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

    GenericRecord record(Example example, RepeatedTexts repeated) {
        GenericRecord record = new GenericData.Record(schema());
        for (int i = 0; i < columns.size(); i++) {
            record.put(i, value(columns.get(i), example, repeated));
        }
        return record;
    }

    private Object value(String column, Example example, RepeatedTexts repeated) {
        return switch (column) {
            case ExampleSchema.ID -> utf8(example.id());
            case ExampleSchema.GROUP_ID -> utf8(example.groupId());
            case ExampleSchema.STRATUM -> repeated.encoded(example.stratum());
            case ExampleSchema.SOURCE -> repeated.encoded(example.source());
            case ExampleSchema.TASK -> repeated.encoded(example.task());
            case ExampleSchema.TEMPLATE_ID -> repeated.encoded(example.templateId());
            case ExampleSchema.TEMPLATE_HASH -> repeated.encoded(example.templateHash());
            case ExampleSchema.PROMPT -> this == CHAT ? asked(example) : utf8(example.prompt());
            case ExampleSchema.COMPLETION -> this == CHAT ? List.of(answered(example)) : utf8(example.completion());
            case ExampleSchema.ANSWER_CHOICES ->
                example.answerChoices() == null
                        ? null
                        : example.answerChoices().stream()
                                .map(repeated::encoded)
                                .toList();
            case ExampleSchema.TARGET_LABEL -> utf8(example.targetLabel());
            case CONVERSATION -> conversation(example);
            default -> throw new IllegalStateException("no value for column " + column);
        };
    }

    /** Encoded here: parquet-avro would encode a String by a slower way. */
    private static Utf8 utf8(String text) {
        return text == null ? null : new Utf8(text);
    }

    private static List<GenericRecord> conversation(Example example) {
        List<GenericRecord> turns = new ArrayList<>(asked(example));
        turns.add(answered(example));
        return turns;
    }

    private static List<GenericRecord> asked(Example example) {
        List<Example.Turn> turns = example.turns();
        return turns == null
                ? List.of(message("user", example.prompt()))
                : turns.subList(0, turns.size() - 1).stream()
                        .map(turn -> message(turn.role(), turn.content()))
                        .toList();
    }

    /** A chat template puts its own signs between the turns: the separating space is not part of the answer. */
    private static GenericRecord answered(Example example) {
        List<Example.Turn> turns = example.turns();
        return message(
                "assistant",
                turns == null
                        ? example.completion().stripLeading()
                        : turns.get(turns.size() - 1).content());
    }

    private static GenericRecord message(String role, String content) {
        GenericRecord message = new GenericData.Record(MESSAGE);
        message.put("role", utf8(role));
        message.put("content", utf8(content));
        return message;
    }
}
