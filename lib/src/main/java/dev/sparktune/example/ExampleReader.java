package dev.sparktune.example;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Reads the examples of one Parquet file, one at a time. Columns that an {@link Example} does not know are not read; those
 * of its own that the file lacks are null, prompt and completion excepted.
 */
public final class ExampleReader implements Iterator<Example>, Closeable {
    private final Path file;
    private final ParquetReader<GenericRecord> reader;
    private long row;
    private GenericRecord next;

    /**
     * @throws IllegalArgumentException when a needed column is missing (those that are there are named) or has another type
     * @throws IOException when the file is not there, or is no whole Parquet file
     */
    public static ExampleReader open(Configuration conf, Path file) throws IOException {
        Configuration lists = new Configuration(conf);
        // list<element> of the Parquet standard, both in the file's schema and in the projection made from it.
        lists.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
        lists.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        try {
            InputFile input = HadoopInputFile.fromPath(file, lists);
            MessageType schema;
            try (ParquetFileReader footer = ParquetFileReader.open(input)) {
                schema = footer.getFooter().getFileMetaData().getSchema();
            }
            MessageType wanted = ForeignSchema.select(schema, file.toString());
            Schema avro = new AvroSchemaConverter(lists).convert(wanted);
            AvroReadSupport.setRequestedProjection(lists, avro);
            AvroReadSupport.setAvroReadSchema(lists, avro);
            return new ExampleReader(
                    file,
                    AvroParquetReader.<GenericRecord>builder(input)
                            .withDataModel(GenericData.get())
                            .withConf(lists)
                            .build());
        } catch (IllegalArgumentException | FileNotFoundException alreadyClear) {
            throw alreadyClear;
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot read " + file + " as Parquet: " + e.getMessage(), e);
        }
    }

    private ExampleReader(Path file, ParquetReader<GenericRecord> reader) throws IOException {
        this.file = file;
        this.reader = reader;
        this.next = reader.read();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    /**
     * @throws IllegalArgumentException when prompt or completion is null in this row
     * @throws UncheckedIOException when the file breaks off
     */
    @Override
    public Example next() {
        if (next == null) {
            throw new NoSuchElementException(file + " has " + row + " examples");
        }
        Example example = example(next);
        try {
            next = reader.read();
        } catch (IOException | RuntimeException e) {
            throw new UncheckedIOException(
                    new IOException("cannot read " + file + " past row " + row + ": " + e.getMessage(), e));
        }
        row++;
        return example;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private Example example(GenericRecord record) {
        return new Example(
                text(record, ExampleSchema.ID),
                text(record, ExampleSchema.GROUP_ID),
                text(record, ExampleSchema.STRATUM),
                text(record, ExampleSchema.SOURCE),
                text(record, ExampleSchema.TASK),
                text(record, ExampleSchema.TEMPLATE_ID),
                text(record, ExampleSchema.TEMPLATE_HASH),
                required(record, ExampleSchema.PROMPT),
                required(record, ExampleSchema.COMPLETION),
                texts(record, ExampleSchema.ANSWER_CHOICES),
                text(record, ExampleSchema.TARGET_LABEL));
    }

    private String required(GenericRecord record, String column) {
        String value = text(record, column);
        if (value == null) {
            throw new IllegalArgumentException(file + ", row " + row + ": column '" + column + "' is null");
        }
        return value;
    }

    private static String text(GenericRecord record, String column) {
        Object value = record.hasField(column) ? record.get(column) : null;
        return value == null ? null : value.toString();
    }

    private List<String> texts(GenericRecord record, String column) {
        Object value = record.hasField(column) ? record.get(column) : null;
        if (value == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Object element : (Iterable<?>) value) {
            if (element == null) {
                throw new IllegalArgumentException(
                        file + ", row " + row + ": column '" + column + "' holds a null element");
            }
            texts.add(element.toString());
        }
        return texts;
    }
}
