package dev.sparktune.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.template.TemplateLint.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvHeadTest {
    @Test
    void fieldsMayHoldLineEndsAndQuotesAndColumnsOfNumbersAreNumbers() throws IOException {
        Sample head = read(
                ",text,stars,price,code\n0,\"two\n\"\"lines\"\"\",5,1.5,007a\n1, padded ,4,,8\n2,late,1,2,9\n", ',', 2);

        assertThat(head.columns()).containsExactly("_c0", "text", "stars", "price", "code");
        assertThat(head.rows())
                .containsExactly(
                        row("_c0", 0L, "text", "two\n\"lines\"", "stars", 5L, "price", 1.5, "code", "007a"),
                        row("_c0", 1L, "text", " padded ", "stars", 4L, "price", null, "code", "8"));
    }

    @Test
    void aTsvHasNoQuotesAndALineMayBeShort() throws IOException {
        Sample head = read("text\tstars\n\"so\t5\nbad\n", '\t', 10);

        assertThat(head.rows()).containsExactly(row("text", "\"so", "stars", 5L), row("text", "bad", "stars", null));
    }

    @Test
    void anEmptyFileLacksItsHeader() {
        assertThatThrownBy(() -> read("", ',', 1)).hasMessage("empty, but a header is wanted");
    }

    private static Sample read(String text, char separator, int rows) throws IOException {
        return CsvHead.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), separator, rows);
    }

    private static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        List<Object> all = Arrays.asList(namesAndValues);
        for (int i = 0; i < all.size(); i += 2) {
            row.put((String) all.get(i), all.get(i + 1));
        }
        return row;
    }
}
