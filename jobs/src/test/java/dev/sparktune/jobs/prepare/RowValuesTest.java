package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RowValuesTest {
    @Test
    void everyTypeOfAColumnBecomesOneThatTemplatesKnow() {
        Row row = LocalSpark.session()
                .sql(
                        "select 'text' s, 1Y b, 2 i, 3L l, 0.1F f, 0.25D d, 1.50BD m, true t, null n, array(1, 2) a,"
                                + " map('k', array('v')) p, named_struct('x', 1, 'y', 'z') r, date'2015-08-31' day, X'4142' bin")
                .first();
        Map<String, Object> values = RowValues.of(row, List.of(row.schema().fieldNames()));

        assertThat(values)
                .containsEntry("s", "text")
                .containsEntry("b", 1L)
                .containsEntry("i", 2L)
                .containsEntry("l", 3L)
                .containsEntry("f", 0.1)
                .containsEntry("d", 0.25)
                .containsEntry("m", 1.5)
                .containsEntry("t", true)
                .containsEntry("n", null)
                .containsEntry("a", Arrays.asList(1L, 2L))
                .containsEntry("p", Map.of("k", List.of("v")))
                .containsEntry("r", Map.of("x", 1L, "y", "z"))
                .containsEntry("day", "2015-08-31")
                .containsEntry("bin", "QUI=");
    }
}
