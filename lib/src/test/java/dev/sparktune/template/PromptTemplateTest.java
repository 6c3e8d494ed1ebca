package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.template.PromptTemplate.Definition;
import dev.sparktune.template.Rendering.Example;
import dev.sparktune.template.Rendering.Reason;
import dev.sparktune.template.Rendering.Skipped;
import dev.sparktune.template.jinja.TemplateException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTemplateTest {

    @Test
    void makesTheExampleOfTheJavadoc() {
        PromptTemplate template = template("{{text}} Good or bad? ||| {{answer_choices[label]}}", "bad ||| good");

        assertThat(template.render(Map.of("text", "A joy.", "label", 1), 0))
                .isEqualTo(new Example("A joy. Good or bad?", "good", List.of("bad", "good")));
    }

    @Test
    void thePromptAloneNeedsNoAnswer() {
        PromptTemplate template = template(
                "{% if text %}{{text}} Good or bad? ||| {{answer_choices[label - 1]}}{% endif %}", "bad ||| good");
        String hostile = "A ||| joy.";

        assertThat(template.prompt(Map.of("text", hostile), 0)).isEqualTo("A ||| joy. Good or bad?");
        assertThat(template.prompt(Map.of("text", hostile, "label", 2), 0)).isEqualTo("A ||| joy. Good or bad?");
        assertThat(template.prompt(Map.of("text", ""), 0)).isEmpty();
        assertThat(template("{{a}}{% for x in b %} ||| {{x - none_such}}{% endfor %}", null)
                        .prompt(Map.of("a", "x", "b", List.of(1, 2)), 0))
                .as("a loop that writes the separator again and again")
                .isEqualTo("x");
        assertThatThrownBy(() -> template("{{1 - none_such}} ||| b", null).prompt(Map.of(), 0))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void theFieldsAreWhatOnlyTheRowCanGive() {
        assertThat(template(
                                "{{text}}{% set n = 2 %}{{n}}{{extra | default('')}}\n{% for x in xs if loop.first %}{{x.y}}{% endfor %}"
                                        + "{% if hint is defined %}{{hint}}{% endif %}{{range(3)}} ||| {{answer_choices[label]}}",
                                "no ||| {{yes}}")
                        .fields())
                .containsExactly(Map.entry("text", 1), Map.entry("xs", 2), Map.entry("label", 2), Map.entry("yes", 1));
    }

    @Test
    void openAnswersHaveNoChoices() {
        assertThat(template("{{a}}|||{{b}}", null).render(Map.of("a", "x", "b", "y"), 0))
                .isEqualTo(new Example("x", "y", null));
    }

    @Test
    void whatAFieldSaysStaysAsItIs() {
        String hostile = "{{ 7*7 }} {% if %} ||| {# c #} }}";
        Map<String, Object> row = Map.of("a", hostile, "b", List.of("x|||y"), "c", Map.of("k", "1|||2"));

        assertThat(template("{{a}} {{b[0]}} {{c}} ||| {{a}}", null).render(row, 0))
                .isEqualTo(new Example(hostile + " x|||y {'k': '1|||2'}", hostile, null));
    }

    @Test
    void separatorsInsideAChoiceStayInIt() {
        PromptTemplate template = template("{{answer_choices | join(', ')}} ||| {{answer_choices[0]}}", "{{a}} ||| b");

        assertThat(template.render(Map.of("a", "x|||y"), 0))
                .isEqualTo(new Example("x|||y, b", "x|||y", List.of("x|||y", "b")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{{a}} ¦ FEWER_THAN_TWO_PARTS",
                "{% if none %}{{a}} ||| b{% endif %} ¦ FEWER_THAN_TWO_PARTS",
                "{{none_such}} ||| b ¦ EMPTY_PROMPT",
                "a ||| {{blank}} ¦ EMPTY_TARGET",
                "a ||| z ¦ TARGET_NOT_A_CHOICE",
            })
    void aRowWithNothingToAskIsSkippedWithItsReason(String jinja, Reason reason) {
        assertThat(template(jinja, "a ||| b").render(Map.of("a", "x", "blank", " \u00a0\n"), 0))
                .isEqualTo(new Skipped(reason));
    }

    @Test
    void moreThanTwoPartsAreAnError() {
        assertThatThrownBy(() -> template("a ||| b ||| c", null).render(Map.of(), 0))
                .isInstanceOf(TemplateException.class)
                .hasMessage(
                        "template 'test/name', line 1: rendered 3 parts between '|||', but a prompt and a target make 2");
    }

    @Test
    void errorsNameTheAnswerChoices() {
        assertThatThrownBy(() -> template("a ||| b", "{{a.b}}").render(Map.of(), 0))
                .hasMessage("template 'test/name (answer choices)', line 1: 'a' is undefined");
    }

    @Test
    void theSeedDeterminesTheDraws() {
        PromptTemplate template = template("{{range(1000)|list|choice}} ||| {{[1, 2, 3]|random}}", null);

        Set<List<String>> parts = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            assertThat(template.parts(Map.of(), seed)).isEqualTo(template.parts(Map.of(), seed));
            parts.add(template.parts(Map.of(), seed).parts());
        }
        assertThat(parts).hasSizeGreaterThan(90);
    }

    @Test
    void aTemplateChangesNoListOfItsRow() {
        Map<String, Object> row = Map.of("l", List.of("a", "b"));
        PromptTemplate template = template("{{l.pop()}} ||| {{l}}", null);

        assertThat(template.parts(row, 0).parts()).containsExactly("b", "['a']");
        assertThat(template.parts(row, 0).parts()).containsExactly("b", "['a']");
    }

    @Test
    void anyNumberOfThreadsMayRender() {
        PromptTemplate template =
                template("{% for x in l %}{{x}}{% set y = x %}{{y}} {% endfor %} ||| {{n}}", "{{n}} ||| other");

        boolean right = IntStream.range(0, 2000).parallel().allMatch(i -> {
            Map<String, Object> row = new HashMap<>(Map.of("n", i, "l", List.of(i, "a")));
            return template.render(row, i).equals(new Example(i + "" + i + " aa", "" + i, List.of("" + i, "other")));
        });
        assertThat(right).isTrue();
    }

    @Test
    void theHashFollowsWhatRenders() {
        String hash = template("a ||| b", null).hash();

        assertThat(hash).hasSize(64).isEqualTo(template("a ||| b", null).hash());
        assertThat(template("a ||| b ", null).hash()).isNotEqualTo(hash);
        assertThat(template("a ||| b", "b").hash()).isNotEqualTo(hash);
    }

    private static PromptTemplate template(String jinja, String answerChoices) {
        return PromptTemplate.compile(
                "test",
                new Definition("id", "name", "task", jinja, answerChoices, List.of(), List.of("en"), null, true));
    }
}
