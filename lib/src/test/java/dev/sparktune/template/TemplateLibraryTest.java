package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.template.jinja.TemplateException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateLibraryTest {
    private static final String YAML = """
            dataset: pets
            templates:
              11111111-0000-0000-0000-000000000001: !Template
                answer_choices: cat ||| dog
                id: 11111111-0000-0000-0000-000000000001
                jinja: '{{text}} ||| {{answer_choices[label]}}'
                metadata: !TemplateMetadata
                  choices_in_prompt: false
                  languages:
                  - en
                  metrics:
                  - Accuracy
                  original_task: true
                name: Which Pet? (closed)
                reference: ''
              11111111-0000-0000-0000-000000000002: !Template
                answer_choices: null
                id: 11111111-0000-0000-0000-000000000002
                jinja: '{{text|nosuch}} ||| {{name}}'
                metadata: !TemplateMetadata
                  task: name
                name: broken
                reference: ''
            """;

    @Test
    void readsPromptSourcesForm() {
        PromptTemplate template = TemplateLibrary.parse("pets", YAML).get("Which Pet? (closed)");

        assertThat(template.definition())
                .isEqualTo(new PromptTemplate.Definition(
                        "11111111-0000-0000-0000-000000000001",
                        "Which Pet? (closed)",
                        null,
                        "{{text}} ||| {{answer_choices[label]}}",
                        "cat ||| dog",
                        List.of("Accuracy"),
                        List.of("en"),
                        false,
                        true));
        assertThat(template.task()).isEqualTo("which-pet-closed");
    }

    @Test
    void aBrokenTemplateIsAnErrorOnceItIsAskedFor() {
        TemplateLibrary library = TemplateLibrary.parse("pets", YAML);

        assertThat(library.templates()).hasSize(1);
        assertThat(library.broken()).hasSize(1);
        assertThat(library.select(List.of("Which Pet? (closed)"))).hasSize(1);
        assertThatThrownBy(() -> library.get("broken"))
                .isInstanceOf(TemplateException.class)
                .hasMessage("template 'pets/broken', line 1: the filter 'nosuch' is not supported");
        assertThatThrownBy(() -> library.select(List.of())).isInstanceOf(TemplateException.class);
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> TemplateLibrary.parse("pets", YAML).get("rate"))
                .hasMessage("pets has no template 'rate', but Which Pet? (closed)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "[1] ¦ the file must be a map, but is '[1]'",
                "a: 1 ¦ 'templates' must be a map, but is missing",
                "templates: {x: {name: n, jinja: a}} ¦ template 'n' has no id",
                "templates: {x: {id: i, name: n, jinja: 5}} ¦ template 'n': jinja must be a text, but is '5'",
                "templates: {x: {id: i, name: n, jinja: a, jinga: b}} ¦ template x has an unknown key 'jinga'; known are"
                        + " answer_choices, id, jinja, metadata, name, reference, task_template",
                "templates: {x: {id: i, name: n, jinja: a, metadata: {metrics: Accuracy}}} ¦ template 'n': metrics must be a"
                        + " list of texts, but is 'Accuracy'",
                "templates: {x: {id: i, name: n, jinja: a, metadata: {task: a@b}}} ¦ template 'n': task must be letters, digits,"
                        + " '-', '_' and '.', but is 'a@b'",
                "templates: {x: {id: i, name: n, jinja: a}, y: {id: i, name: m, jinja: a}} ¦ two templates have the id i",
            })
    void whatIsNotPromptSourcesFormIsRefused(String yaml, String reason) {
        assertThatThrownBy(() -> TemplateLibrary.parse("pets", yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pets: " + reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "templates: !!javax.script.ScriptEngineManager []",
                "templates: !Other {}",
                "a: &a [*a]\ntemplates: [",
                "templates: {a: 1, a: 2}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            })
    void hostileYamlIsRefused(String yaml) {
        assertThatThrownBy(() -> TemplateLibrary.parse("pets", yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("pets: ");
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, reviews/templates.yaml",
        "glue/mrpc, glue/mrpc/templates.yaml",
        "a/b_c/1.0.0, a/b_c/1.0.0/templates.yaml"
    })
    void aDataSetsTemplatesLieUnderItsName(String dataset, String path) {
        assertThat(TemplateLibrary.pathOf(dataset)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "..", "a/..", "../a", "/etc", "a//b", "a/", "a\\b", "s3:b", "~", "a/.b", "a/b/c/d", "a b", "a\n"
            })
    void aNameThatLeadsElsewhereIsRefused(String dataset) {
        assertThatThrownBy(() -> TemplateLibrary.pathOf(dataset))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a template data set is NAME or NAME/SUBSET")
                .hasMessageEndingWith("but is '" + dataset + "'");
    }
}
