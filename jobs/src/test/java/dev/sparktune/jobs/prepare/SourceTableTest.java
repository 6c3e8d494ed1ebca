package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTableTest {
    private static final String NAME = "source_table_test";

    @TempDir
    Path directory;

    @AfterEach
    void drop() {
        LocalSpark.session().catalog().dropTempView(NAME);
    }

    @Test
    void theFilesBehindATableAreSeenToChange() throws Exception {
        Path files = directory.resolve("of 100 %/year=2015");
        append(files);
        LocalSpark.session()
                .read()
                .parquet(files.getParent().toString())
                .where("star_rating > 2")
                .createOrReplaceTempView(NAME);
        List<String> before = fingerprint(NAME);
        String byPath = "parquet.`" + files.getParent() + "`";

        assertThat(before).singleElement().asString().contains("/of 100 %/year=2015/part-");
        assertThat(fingerprint(NAME)).isEqualTo(before);
        assertThat(fingerprint(byPath)).isEqualTo(before);

        append(files);
        assertThat(fingerprint(byPath)).hasSize(2).containsAll(before);
    }

    @Test
    void aTableWithoutFilesHasNoneAndOneThatIsNotThereIsNamed() throws Exception {
        rows().createOrReplaceTempView(NAME);

        assertThat(fingerprint(NAME)).isEmpty();
        assertThatThrownBy(() -> fingerprint("nobodys"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("input.table: nobodys: [TABLE_OR_VIEW_NOT_FOUND]");
    }

    @Test
    void withoutATableSparkIsNotAsked() throws Exception {
        assertThat(SourceTable.fingerprint(settings("{path: /data}").input(), () -> {
                    throw new AssertionError("no session is needed");
                }))
                .isEmpty();
    }

    private static Dataset<Row> rows() {
        return LocalSpark.session().createDataFrame(Reviews.good(5), Reviews.SCHEMA);
    }

    private static void append(Path files) {
        rows().coalesce(1).write().mode("append").parquet(files.toString());
    }

    private static List<String> fingerprint(String table) throws IOException {
        return SourceTable.fingerprint(settings("{table: '" + table + "'}").input(), LocalSpark::session);
    }

    private static Settings settings(String input) {
        return Settings.read("t", "output: o\ninput: " + input, List.of(), Set.of());
    }
}
