package dev.sparktune.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleFilesTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    java.nio.file.Path directory;

    @Test
    void whatIsWrittenIsReadBackByteForByte() throws IOException {
        Example whole = new Example(
                "R1",
                "a1b2",
                "5",
                "part-0.parquet",
                "rate",
                "4e1c0f7a",
                "99aa",
                "Great 😀 <b>hair</b> dryer ||| {{ 7*7 }}\n\t\"quoted\" \u0000 é",
                " 5",
                List.of("1", "2", "3", "4", "5"),
                "5");
        Example open = new Example("R2", null, "", null, "summarise", null, null, "", " ", null, null);
        Example bare = Example.of("prompt", " completion");

        assertThat(read(write("a.parquet", whole, open, bare))).containsExactly(whole, open, bare);
    }

    @Test
    void theFilesTypesAreOnesThatEveryReaderKnows() throws IOException {
        Path file = write("a.parquet", Example.of("p", " c"));
        try (ParquetFileReader footer = ParquetFileReader.open(HadoopInputFile.fromPath(file, CONF))) {
            assertThat(footer.getFooter()
                            .getFileMetaData()
                            .getSchema()
                            .toString()
                            .replaceAll("\\s+", " "))
                    .contains("required binary prompt (STRING);")
                    .contains("optional binary target_label (STRING);")
                    .contains(
                            "optional group answer_choices (LIST) { repeated group list { required binary element (STRING); } }");
        }
    }

    @Test
    void aFileOfPromptAndCompletionAloneIsEnough() throws IOException {
        Schema pair = SchemaBuilder.record("Row")
                .fields()
                .requiredString("completion")
                .requiredString("prompt")
                .requiredDouble("score")
                .endRecord();
        GenericRecord row = new GenericRecordBuilder(pair)
                .set("prompt", "2+2=")
                .set("completion", " 4")
                .set("score", 0.5)
                .build();

        assertThat(read(writeForeign("pair.parquet", pair, row))).containsExactly(Example.of("2+2=", " 4"));
    }

    @Test
    void othersNumberTheirRows() throws IOException {
        Schema numbered = SchemaBuilder.record("Row")
                .fields()
                .requiredLong("id")
                .requiredString("prompt")
                .requiredString("completion")
                .endRecord();
        GenericRecord row = new GenericRecordBuilder(numbered)
                .set("id", 17L)
                .set("prompt", "p")
                .set("completion", " c")
                .build();

        assertThat(read(writeForeign("n.parquet", numbered, row)))
                .extracting(Example::id)
                .containsExactly("17");
    }

    @Test
    void aMissingColumnIsNamedBesideThoseThatAreThere() throws IOException {
        Schema other = SchemaBuilder.record("Row")
                .fields()
                .requiredString("prompt")
                .requiredString("response")
                .endRecord();
        Path file = writeForeign("other.parquet", other);

        assertThatThrownBy(() -> ExampleReader.open(CONF, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " has no column 'completion'; its columns are 'prompt', 'response'");
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() throws IOException {
        Schema other = SchemaBuilder.record("Row")
                .fields()
                .requiredString("prompt")
                .requiredInt("completion")
                .endRecord();
        Path file = writeForeign("other.parquet", other);

        assertThatThrownBy(() -> ExampleReader.open(CONF, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": column 'completion' must be a string, it is 'required int32 completion'");
    }

    @Test
    void aNullPromptIsRefusedWithItsRow() throws IOException {
        Schema pair = SchemaBuilder.record("Row")
                .fields()
                .optionalString("prompt")
                .requiredString("completion")
                .endRecord();
        Path file = writeForeign(
                "nulls.parquet",
                pair,
                new GenericRecordBuilder(pair)
                        .set("prompt", "p")
                        .set("completion", " c")
                        .build(),
                new GenericRecordBuilder(pair)
                        .set("prompt", null)
                        .set("completion", " c")
                        .build());

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ", row 1: column 'prompt' is null");
    }

    @Test
    void whatIsNoParquetFileIsRefusedByName() throws IOException {
        java.nio.file.Path text = directory.resolve("text.parquet");
        Files.writeString(text, "prompt,completion\nthis is no Parquet file,at all\n");

        assertThatThrownBy(() -> ExampleReader.open(CONF, new Path(text.toUri())))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot read " + new Path(text.toUri()) + " as Parquet: ");
    }

    @Test
    void filesComeByNameWithoutTheHiddenOnes() throws IOException {
        for (String name :
                List.of("b.parquet", "a.parquet", "_SUCCESS", ".a.parquet.crc", "_tmp.parquet", "README.md")) {
            Files.writeString(directory.resolve(name), "");
        }
        Files.createDirectory(directory.resolve("deep.parquet"));

        assertThat(ExampleFiles.in(CONF, new Path(directory.toUri())))
                .extracting(Path::getName)
                .containsExactly("a.parquet", "b.parquet");
    }

    @Test
    void aDirectoryThatIsNotThereOrEmptyIsRefused() {
        Path absent = new Path(directory.resolve("absent").toUri());
        assertThatThrownBy(() -> ExampleFiles.in(CONF, absent))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("no such directory of examples: " + absent);
        Path empty = new Path(directory.toUri());
        assertThatThrownBy(() -> ExampleFiles.in(CONF, empty))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("no .parquet file in " + empty);
    }

    private Path write(String name, Example... examples) throws IOException {
        Path file = new Path(directory.resolve(name).toUri());
        try (ExampleWriter writer = new ExampleWriter(CONF, file)) {
            for (Example example : examples) {
                writer.add(example);
            }
            assertThat(writer.rows()).isEqualTo(examples.length);
        }
        return file;
    }

    private Path writeForeign(String name, Schema schema, GenericRecord... rows) throws IOException {
        Path file = new Path(directory.resolve(name).toUri());
        try (ParquetWriter<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(
                        HadoopOutputFile.fromPath(file, CONF))
                .withSchema(schema)
                .withDataModel(GenericData.get())
                .build()) {
            for (GenericRecord row : Arrays.asList(rows)) {
                writer.write(row);
            }
        }
        return file;
    }

    private static List<Example> read(Path file) throws IOException {
        List<Example> examples = new ArrayList<>();
        try (ExampleReader reader = ExampleReader.open(CONF, file)) {
            reader.forEachRemaining(examples::add);
        }
        return examples;
    }
}
