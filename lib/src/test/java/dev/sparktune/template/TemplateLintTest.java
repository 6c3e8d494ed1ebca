package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.template.TemplateLint.Finding;
import dev.sparktune.template.TemplateLint.Sample;
import dev.sparktune.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TemplateLintTest {
    private static final String GOOD = "jinja: '{{text}} ||| {{answer_choices[label]}}', answer_choices: no ||| yes";

    @Test
    void aGoodTemplateHasNoFindings() {
        Sample sample = sample(Map.of("text", "a", "label", 0), Map.of("text", "b", "label", 1));

        assertThat(TemplateLint.check("pets", template("good", GOOD), sample)).isEmpty();
    }

    @Test
    void anErrorIsTheLibraryTheTemplateTheLineAndWhatIsWrong() {
        assertThat(errors(template("bad", "jinja: \"{{text}}\\n{{text | shout}} ||| x\"")))
                .containsExactly("pets:bad:2: the filter 'shout' is not supported");
        assertThat(errors(template("bad", "jinja: '{{a}} ||| x', answer_choices: \"x\\n{{\"")))
                .singleElement()
                .asString()
                .startsWith("pets:bad:2: answer choices: ");
    }

    @Test
    void aFileThatIsNoLibraryIsOneErrorOfTheWholeFile() {
        assertThat(errors("templates:\n  a: [1\n  b: 2\n"))
                .containsExactly("pets:-:3: not YAML: expected ',' or ']', but got :");
        assertThat(errors("dataset: pets\n")).containsExactly("pets:-:1: 'templates' must be a map, but is missing");
    }

    @Test
    void whatIsWrongWithOneTemplateHidesNothingOfTheOthers() {
        String yaml = """
                templates:
                  a: {id: a, name: first, jinja: 'x'}
                  b: {id: b, jinja: '{{t}} ||| x'}
                  c: {id: a, name: third, jinja: '{{t}} ||| x'}
                  d: {id: d, name: fourth, jinja: '{{t}} ||| x', color: blue}
                """;

        assertThat(errors(yaml))
                .containsExactly(
                        "pets:b:1: template b has no name",
                        "pets:c:1: two templates have the id a",
                        "pets:d:1: template d has an unknown key 'color'; known are answer_choices, id, jinja, metadata, name,"
                                + " reference, task_template",
                        "pets:first:1: no ||| between prompt and target");
    }

    @Test
    void answerChoicesAreLookedAt() {
        assertThat(errors(template("a", "jinja: '{{t}} ||| {{answer_choices[0]}}'")))
                .containsExactly("pets:a:1: asks for answer choices, but has none");
        assertThat(errors(template("a", "jinja: '{{t}} ||| maybe', answer_choices: no ||| yes")))
                .containsExactly("pets:a:1: the target 'maybe' is not among the answer choices [no, yes]");
        assertThat(warnings(
                        template("a", "jinja: '{{t}} ||| {{answer_choices[0]}}', answer_choices: no ||| yes ||| no")))
                .containsExactly("pets:a:1: answer choices that stand there twice: no");
        assertThat(warnings(template("a", "jinja: '{{t}} ||| {{answer_choices[0]}}', answer_choices: never")))
                .containsExactly("pets:a:1: only one answer choice: never");
    }

    @Test
    void metadataIsLookedAt() {
        String yaml = """
                templates:
                  a: {id: a, name: same, jinja: '{{t}} ||| x', metadata: {task: t, metrics: [Accuracy]}}
                  b: {id: b, name: same, jinja: '{{t}} ||| x', metadata: {task: t, metrics: [Acuracy]}}
                  c: {id: c, name: No Task, jinja: '{{t}} ||| x', metadata: {metrics: []}}
                """;

        assertThat(TemplateLint.check("pets", yaml, null)).noneMatch(Finding::error);
        assertThat(warnings(yaml))
                .containsExactly(
                        "pets:same:1: has the name of a too: only the ids tell them apart",
                        "pets:same:1: unknown metric 'Acuracy'; known are AUC, Accuracy, BLEU, COQA F1, Edit Distance,"
                                + " Mean Reciprocal Rank, MultiRC, Other, Pearson Correlation, ROUGE, Spearman Correlation, Squad",
                        "pets:No Task:1: names no task, as others here do: its task is 'no-task'",
                        "pets:No Task:1: names no metric");
    }

    @Test
    void fieldsThatTheTableLacksAreNamed() {
        Sample sample = sample(Map.of("text", "a", "star", 1));

        assertThat(TemplateLint.check(
                        "pets", template("a", "jinja: \"{{text}}\\n{{hint | default('')}} ||| {{stars}}\""), sample))
                .extracting(Finding::toString)
                .containsExactly("pets:a:2: asks for 'stars', but the table's columns are star, text");
    }

    @Test
    void whatTheRowsBringAboutIsToldOnceWithTheFirstRow() {
        Sample sample = sample(
                Map.of("text", "a", "label", 1),
                Map.of("text", "b", "label", 7),
                Map.of("text", "c", "label", 0),
                Map.of("text", "d", "label", 9));

        assertThat(TemplateLint.check(
                        "pets", template("a", "jinja: '{{text}} ||| {{label}}', answer_choices: 0 ||| 1"), sample))
                .extracting(Finding::toString)
                .containsExactly(
                        "pets:a:1: the target is not among the answer choices in 2 of 4 rows, first in row 1: '7'");
        assertThat(TemplateLint.check("pets", template("a", "jinja: \"{{text}} |||\\n{{10 // (label - 7)}}\""), sample))
                .extracting(Finding::toString)
                .singleElement()
                .asString()
                .startsWith("pets:a:2: fails on 1 of 4 rows, first in row 1: ");
        assertThat(TemplateLint.check(
                        "pets", template("a", "jinja: '{% if label > 9 %}{{text}} ||| x{% endif %}'"), sample))
                .extracting(Finding::toString)
                .containsExactly(
                        "pets:a:1: makes no example of the table's first rows: the template gave fewer than two parts (4)");
    }

    @Test
    void promptSourceIsFreeOfErrors() throws IOException {
        Path root = Shared.require("promptsource/templates");
        List<Finding> findings = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.endsWith("templates.yaml")).toList()) {
                findings.addAll(
                        TemplateLint.check(root.relativize(file.getParent()).toString(), Files.readString(file), null));
            }
        }
        assertThat(findings).noneMatch(Finding::error);
        assertThat(findings).extracting(Finding::library).containsOnly("esnli", "species_800", "trec");
        assertThat(findings).hasSize(12);
    }

    private static List<String> errors(String yaml) {
        return texts(yaml, true);
    }

    private static List<String> warnings(String yaml) {
        return texts(yaml, false);
    }

    private static List<String> texts(String yaml, boolean errors) {
        return TemplateLint.check("pets", yaml, null).stream()
                .filter(finding -> finding.error() == errors)
                .map(Finding::toString)
                .toList();
    }

    private static String template(String name, String rest) {
        return "templates:\n  x: {id: x, name: " + name + ", metadata: {metrics: [Accuracy]}, " + rest + "}\n";
    }

    @SafeVarargs
    private static Sample sample(Map<String, Object>... rows) {
        Set<String> columns = new TreeSet<>(rows[0].keySet());
        return new Sample(columns, List.of(rows));
    }
}
