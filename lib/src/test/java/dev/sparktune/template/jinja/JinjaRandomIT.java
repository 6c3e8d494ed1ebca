package dev.sparktune.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random templates over random rows, as {@code scripts/reference/jinja_random.py} makes them, through Python's jinja2 and
 * through ours. More of them: {@code -Dsparktune.templates=200000 -Dsparktune.seed=7}.
 */
class JinjaRandomIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of what Python renders, the part that may be refused here: Markup's methods, complex numbers and other limits. */
    private static final double MOST_REFUSED = 0.02;

    /**
     * One of text and error is null.
     *
     * @param syntax trim_blocks, lstrip_blocks, keep_trailing_newline
     */
    private record Case(String template, boolean[] syntax, Map<String, Object> row, String text, String error) {
        String render() {
            Dialect dialect = Dialect.PROMPT_SOURCE.with(new Syntax(syntax[0], syntax[1], syntax[2]));
            return JinjaTemplate.compile("t", template, dialect, Limits.DEFAULT).render(new Row(row), 0);
        }
    }

    @Test
    void rendersWhatPythonRendersOrSaysWhyNot() {
        int count = Integer.getInteger("sparktune.templates", 12_000);
        int seed = Integer.getInteger("sparktune.seed", 1);
        Path script = ProjectRoot.resolve("scripts/reference/jinja_random.py");
        List<String> different = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int same = 0;
        int bothRefuse = 0;
        for (String line : PythonEnv.run(script, seed, count).split("\n")) {
            Case one = read(line);
            String text;
            try {
                text = one.render();
            } catch (TemplateException e) {
                bothRefuse += one.error() == null ? 0 : 1;
                if (one.error() == null) {
                    refused.add(one.template() + "\n    " + e.reason());
                }
                continue;
            }
            if (text.equals(one.text())) {
                same++;
            } else {
                different.add(line + "\n    became " + text);
            }
        }

        assertThat(different).isEmpty();
        assertThat(same).isGreaterThan(count * 2 / 5);
        assertThat(bothRefuse).isGreaterThan(count / 4);
        assertThat(refused).hasSizeLessThan((int) (MOST_REFUSED * same));
    }

    private static Case read(String line) {
        try {
            return JSON.readValue(line, Case.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
