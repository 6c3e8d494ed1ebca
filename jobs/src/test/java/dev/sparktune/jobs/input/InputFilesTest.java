package dev.sparktune.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFilesTest {
    @TempDir
    Path directory;

    private Path in;

    @BeforeEach
    void makeDirectory() throws IOException {
        in = Files.createDirectories(directory.resolve("in"));
    }

    @Test
    void parquetFilesUnlikeTheOthersAreNamedWithTheReason() throws IOException {
        parquet("a.parquet", "SELECT 'a' id, 1 stars, 'x' body");
        parquet("b.parquet", "SELECT 'b' ID, 2 Stars, 'y' body");
        parquet("c.parquet", "SELECT 'c' id, '3' stars, 'z' body");
        parquet("d.parquet", "SELECT 'd' id, 4 stars");
        parquet("e.parquet", "SELECT 'e' id, 5 stars, 'z' body, true vine");
        byte[] whole = Files.readAllBytes(in.resolve("a.parquet"));
        Files.write(in.resolve("f.parquet"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(in.resolve("g.parquet"), new byte[0]);
        Files.write(in.resolve("_SUCCESS"), new byte[0]);

        assertThat(reasons("parquet"))
                .containsExactly(
                        "c.parquet: column 'stars' is string, in most files int",
                        "d.parquet: there is no column 'body', which most files have",
                        "e.parquet: most files have no column 'vine'",
                        "f.parquet: no Parquet file, or one that was cut short",
                        "g.parquet: empty (0 bytes)");
        assertThat(ids("parquet")).containsExactly("a", "b");
        assertThatThrownBy(() -> find("parquet", "input.on_bad_file=fail"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.path: 5 of 7 files cannot be read: file:" + in
                        + "/c.parquet: column 'stars' is string, in most files int; file:")
                .hasMessageEndingWith("; input.on_bad_file=quarantine goes on without them");
        assertThat(find("parquet", "input.options={mergeSchema: true}").bad())
                .extracting(file -> Path.of(file.path()).getFileName().toString())
                .containsExactly("c.parquet", "f.parquet", "g.parquet");
    }

    @Test
    void manyFilesAreLookedAtByTheExecutors() throws IOException {
        parquet("00.parquet", "SELECT 'a' id");
        for (int i = 1; i < 40; i++) {
            Files.copy(in.resolve("00.parquet"), in.resolve("%02d.parquet".formatted(i)));
        }
        Files.write(in.resolve("17.parquet"), new byte[0]);
        Files.writeString(in.resolve("23.parquet"), "no Parquet at all");

        assertThat(reasons("parquet"))
                .containsExactly(
                        "17.parquet: empty (0 bytes)", "23.parquet: no Parquet file, or one that was cut short");
    }

    @Test
    void partitionsAreKnownAlsoWithoutTheirBadFiles() throws IOException {
        parquet("year=2015/a.parquet", "SELECT 'a' id");
        parquet("year=2016/b.parquet", "SELECT 'b' id");
        Files.write(in.resolve("year=2016/c.parquet"), new byte[0]);
        InputFiles files = find("parquet");

        assertThat(files.bad()).hasSize(1);
        assertThat(files.rows().selectExpr("concat(id, year)").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("a2015", "b2016");
    }

    @Test
    void filesInDirectoriesBelowAreReadToo() throws IOException {
        parquet("2015/a.parquet", "SELECT 'a' id");
        parquet("2016/b.parquet", "SELECT 'b' id");

        assertThat(ids("parquet")).containsExactly("a", "b");
    }

    @Test
    void whereNoFileIsGoodThereIsNothingToGoOnWith() throws IOException {
        assertThatThrownBy(() -> find("parquet"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.path: " + in + ": there are no files");
        Files.write(in.resolve("a.parquet"), new byte[0]);
        assertThatThrownBy(() -> find("parquet"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.path: none of the 1 files can be read: file:" + in + "/a.parquet: empty (0 bytes)");
        assertThatThrownBy(() -> find("parquet", "input.path=" + in + "/none*"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("input.path: " + in + "/none*: no such file or directory");
    }

    @Test
    void linesWithOtherColumnsOrInAnotherOrderAreTold() throws IOException {
        write("a.csv", "id,\"body\",stars\na,\"x\ny\",1\n");
        write("b.csv", "id,body,stars\nb,\"say \"\"y\"\"\",2\n");
        write("c.csv", "id,stars,body\nc,3,z\n");
        write("d.csv", "id,body\nd,z\n");
        gzip("e.csv.gz", "id,body,stars\ne,z,5\n", 0);
        gzip("f.csv.gz", "id,body,stars\n" + "f,z,5\n".repeat(9_999), 20);
        write("g.csv.gz", "id,body,stars\ng,z,5\n");

        String options = "input.options={header: true, multiLine: true, escape: '\"'}";
        assertThat(reasons("csv", options))
                .containsExactly(
                        "c.csv: column 'stars' is field 2, in most files field 3",
                        "d.csv: there is no column 'stars', which most files have",
                        "f.csv.gz: cut short",
                        "g.csv.gz: cut short, or not compressed as its name says");
        assertThat(find("csv", options)
                        .rows()
                        .selectExpr("concat(id, body, stars)")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("ax\ny1", "bsay \"y\"2", "ez5");
    }

    @Test
    void inTsvAQuotationMarkIsACharacterAndNothingIsAnEmptyText() throws IOException {
        write("a.tsv", "id\tbody\na\t\"5\" plate\nb\tsaid \"no\"\nc\t\n");

        assertThat(find("tsv").rows().selectExpr("concat(id, ' ', body)").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("a \"5\" plate", "b said \"no\"", "c ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            json  | [{"id": "a"},⏎ {"id": "b"}]
            json  | {"id": "a"}⏎{"id": "b"}
            jsonl | {"id": "a"}⏎{"id": "b"}
            """)
    void jsonIsAnArrayOrLines(String format, String text) throws IOException {
        write("a.json", text.replace('⏎', '\n'));

        assertThat(ids(format)).containsExactly("a", "b");
    }

    @Test
    void jsonOfOtherKindsOrCutShortIsTold() throws IOException {
        write("a.jsonl", "{\"id\": \"a\", \"stars\": 1, \"tags\": null}\n");
        gzip("b.jsonl.gz", "{\"id\": \"b\", \"stars\": 2.5, \"more\": true}\n", 0);
        write("c.jsonl", "{\"id\": \"c\", \"stars\": \"three\"}\n");
        write("d.jsonl", "{\"name\": \"d\"}\n");
        gzip("e.jsonl.gz", "{\"id\": \"e\"}\n".repeat(9_999), 20);
        assertThat(reasons("jsonl"))
                .containsExactly(
                        "c.jsonl: column 'stars' is a text, in most files a number",
                        "d.jsonl: there is no column 'id', which most files have",
                        "e.jsonl.gz: cut short");
        assertThat(ids("jsonl")).containsExactly("a", "b");
    }

    @Test
    void aJsonDocumentThatWasCutShortIsTold() throws IOException {
        write("a.json", "[{\"id\": \"a\"}]");
        write("b.json", "[{\"id\": \"b\"},\n {\"id\": \"priva");

        assertThat(reasons("json")).containsExactly("b.json: its JSON is broken or cut short at line 2");
        assertThat(ids("json")).containsExactly("a");
    }

    private void parquet(String name, String select) throws IOException {
        Path to = directory.resolve("one");
        LocalSpark.session().sql(select).coalesce(1).write().mode("overwrite").parquet(to.toString());
        Files.createDirectories(in.resolve(name).getParent());
        try (Stream<Path> files = Files.list(to)) {
            Path part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(part, in.resolve(name));
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(in.resolve(name), text);
    }

    private void gzip(String name, String text, int cut) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(in.resolve(name), Arrays.copyOf(bytes.toByteArray(), bytes.size() - cut));
    }

    private InputFiles find(String format, String... sets) throws IOException {
        Stream<String> all = Stream.concat(Stream.of("input.on_bad_file=quarantine"), Stream.of(sets));
        Settings settings = Settings.read(
                "t", "output: o\ninput: {path: %s, format: %s}".formatted(in, format), all.toList(), Set.of("input"));
        return InputFiles.find(LocalSpark.session(), settings.input());
    }

    private List<String> reasons(String format, String... sets) throws IOException {
        return find(format, sets).bad().stream()
                .map(file -> Path.of(file.path()).getFileName() + ": " + file.reason())
                .toList();
    }

    private List<String> ids(String format) throws IOException {
        return find(format).rows().select("id").collectAsList().stream()
                .map((Row row) -> row.getString(0))
                .sorted()
                .collect(Collectors.toList());
    }
}
