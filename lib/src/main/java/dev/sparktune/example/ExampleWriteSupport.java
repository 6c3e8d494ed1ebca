package dev.sparktune.example;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Gives Parquet the columns of examples as bytes, in files such as parquet-avro writes and reads. Its own way of writing looks
 * up the type of every value, which took a third of the time that a file takes.
 */
final class ExampleWriteSupport extends WriteSupport<ExampleWriter.Encoded> {
    /** Where parquet-avro looks for the schema. */
    private static final String AVRO_SCHEMA = "parquet.avro.schema";

    private final Schema schema;
    private final List<String> columns;
    private RecordConsumer to;

    ExampleWriteSupport(ExampleForm form) {
        this.schema = form.schema();
        this.columns = form.columns();
    }

    @Override
    public String getName() {
        return "avro";
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(new AvroSchemaConverter(conf).convert(schema), Map.of(AVRO_SCHEMA, schema.toString()));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        to = consumer;
    }

    @Override
    public void write(ExampleWriter.Encoded example) {
        to.startMessage();
        for (int column = 0; column < columns.size(); column++) {
            Object value = example.value(column);
            if (value != null) {
                to.startField(columns.get(column), column);
                add(value);
                to.endField(columns.get(column), column);
            }
        }
        to.endMessage();
    }

    /** A text; a list, as a group with repeated groups of one element; or a turn of a chat, as a group of texts. */
    private void add(Object value) {
        if (value instanceof Binary text) {
            to.addBinary(text);
        } else if (value instanceof EncodedTurn turn) {
            to.startGroup();
            field("role", 0, turn.role());
            field("content", 1, turn.content());
            to.endGroup();
        } else {
            list((List<?>) value);
        }
    }

    private void list(List<?> elements) {
        to.startGroup();
        if (!elements.isEmpty()) {
            to.startField("list", 0);
            for (Object element : elements) {
                to.startGroup();
                field("element", 0, element);
                to.endGroup();
            }
            to.endField("list", 0);
        }
        to.endGroup();
    }

    private void field(String name, int index, Object value) {
        to.startField(name, index);
        add(value);
        to.endField(name, index);
    }

    /** One side's turn of a chat. */
    record EncodedTurn(Binary role, Binary content) {}
}
