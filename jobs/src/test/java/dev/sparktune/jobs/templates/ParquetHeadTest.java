package dev.sparktune.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.prepare.RowValues;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.template.TemplateLint.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetHeadTest {
    private static final String EVERY_TYPE = """
            SELECT 'a' text, 1 whole, 2L long, CAST(3 AS SMALLINT) small, 1.5D double, CAST(0.1 AS FLOAT) float,
              CAST(12.30 AS DECIMAL(9, 2)) decimal, true flag, CAST(NULL AS STRING) none, DATE '2015-08-31' date,
              TIMESTAMP '2015-08-31 12:30:00' time, unhex('00ff') bytes, array('x', NULL, 'y') list, array(1, 2) numbers,
              named_struct('stars', 5, 'words', array('good', 'bad')) struct,
              array(named_struct('k', 'v')) structs, map('one', 1) map
            UNION ALL
            SELECT 'b', 1, 2L, CAST(3 AS SMALLINT), 1.5D, CAST(0.1 AS FLOAT), CAST(NULL AS DECIMAL(9, 2)), false, 'x',
              DATE '1969-12-31', NULL, NULL, array(), NULL, NULL, array(), map()""";

    @TempDir
    Path directory;

    /** What a user sees in {@code show} is what {@code prepare} renders. */
    @Test
    void theValuesAreThoseThatPrepareSees() throws Exception {
        Dataset<Row> table = LocalSpark.session().sql(EVERY_TYPE).coalesce(1);
        table.write().parquet(directory.resolve("table").toString());
        Dataset<Row> read =
                LocalSpark.session().read().parquet(directory.resolve("table").toString());
        List<String> columns = Arrays.asList(read.columns());

        Sample head = TableHead.read(directory.resolve("table").toString(), 10);

        assertThat(head.columns()).containsExactlyElementsOf(columns);
        assertThat(head.rows())
                .isEqualTo(read.collectAsList().stream()
                        .map(row -> RowValues.of(row, columns))
                        .toList());
        assertThat(TableHead.read(directory.resolve("table").toString(), 1).rows())
                .hasSize(1);
    }

    @Test
    void aFileThatIsCutShortIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("half.parquet"), "PAR1 and no more");

        assertThatThrownBy(() -> TableHead.read(file.toString(), 1))
                .hasMessageStartingWith(file + ": cannot be read: ");
    }

    @Test
    void anotherKindOfFileIsRefusedByItsName() throws Exception {
        Path file = Files.writeString(directory.resolve("table.xlsx"), "x");

        assertThatThrownBy(() -> TableHead.read(file.toString(), 1))
                .hasMessage(file
                        + ": a table's name must end in .parquet, .csv, .tsv, .jsonl, .ndjson or .json, and .gz behind all"
                        + " but the first");
    }
}
