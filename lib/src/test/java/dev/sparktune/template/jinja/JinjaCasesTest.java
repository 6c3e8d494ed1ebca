package dev.sparktune.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Python's values, case by case: {@code scripts/reference/jinja_cases.py} made {@code cases.jsonl} by Python's jinja2. */
class JinjaCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One of text and error is null. */
    private record Case(String template, String text, String error) {}

    private static Map<String, Object> row;
    private static List<Case> cases;

    @BeforeAll
    static void readCases() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                JinjaCasesTest.class.getResourceAsStream("cases.jsonl"), StandardCharsets.UTF_8))) {
            row = JSON.readValue(reader.readLine(), new TypeReference<Map<String, Map<String, Object>>>() {})
                    .get("row");
            cases = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                cases.add(JSON.readValue(line, Case.class));
            }
        }
    }

    @Test
    void rendersWhatPythonRenders() {
        List<Case> texts = cases.stream().filter(one -> one.error() == null).toList();

        assertThat(texts).hasSizeGreaterThan(1500).allSatisfy(one -> assertThat(render(one))
                .isEqualTo(one.text()));
    }

    @Test
    void refusesWhatPythonRefuses() {
        List<Case> errors = cases.stream().filter(one -> one.error() != null).toList();

        assertThat(errors).hasSizeGreaterThan(400).allSatisfy(one -> assertThatThrownBy(() -> render(one))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template 'case', line "));
    }

    private static String render(Case one) {
        return JinjaTemplate.compile("case", one.template()).render(new Row(row), 0);
    }
}
