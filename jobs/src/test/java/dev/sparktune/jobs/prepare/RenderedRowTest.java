package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.testing.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RenderedRowTest {
    @Test
    void rowsSurviveSparksEncoding() {
        Example closed =
                new Example("id", "g", "5", "src", "rate", "t", "hash", "prompt 😀", " 5", List.of("1", "5"), "5");
        Example open = new Example(null, null, null, null, null, null, null, "", " ", null, null);
        Tally tally = new Tally();
        tally.add(Tally.Kind.KEPT, "train", "5", 3);
        tally.add(Tally.Kind.KEPT, "train", "5", 4);
        List<Row> rows = LocalSpark.session()
                .createDataFrame(
                        List.of(
                                RenderedRow.example(0, -7, closed),
                                RenderedRow.example(2, 7, open),
                                RenderedRow.quarantined(3, 1, "R1", "no id", "{}"),
                                RenderedRow.tally(4, tally)),
                        RenderedRow.SCHEMA)
                .collectAsList();

        assertThat(RenderedRow.toExample(rows.get(0))).isEqualTo(closed);
        assertThat(RenderedRow.toExample(rows.get(1))).isEqualTo(open);
        assertThat(RenderedRow.file(rows.get(1))).isEqualTo(2);
        assertThat(RenderedRow.id(rows.get(2))).isEqualTo("R1");
        assertThat(RenderedRow.reason(rows.get(2))).isEqualTo("no id");
        Tally counted = Tally.fromJson(RenderedRow.json(rows.get(3)));
        counted.addAll(tally);
        assertThat(counted.total(Tally.Kind.KEPT)).isEqualTo(14);
    }
}
