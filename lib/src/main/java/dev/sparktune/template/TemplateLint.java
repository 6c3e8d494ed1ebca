package dev.sparktune.template;

import dev.sparktune.template.PromptTemplate.Definition;
import dev.sparktune.template.jinja.TemplateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Looks for faults in the templates of one data set: in their text, and in what they make of a table's first rows. */
public final class TemplateLint {
    /** Where a finding concerns the whole file. */
    private static final String WHOLE_FILE = "-";

    /** PromptSource's names. */
    private static final Set<String> METRICS = Set.of(
            "Accuracy",
            "AUC",
            "BLEU",
            "COQA F1",
            "Edit Distance",
            "Mean Reciprocal Rank",
            "MultiRC",
            "Other",
            "Pearson Correlation",
            "ROUGE",
            "Spearman Correlation",
            "Squad");

    /**
     * @param library the data set
     * @param template its name, or its key in the YAML where it has none; {@code -} for the whole file
     * @param line in the template's text, from 1; of the file where it concerns that
     * @param error whether the template cannot serve; else it is a warning
     */
    public record Finding(String library, String template, int line, boolean error, String what) {
        /** {@code library:template:line: what} */
        @Override
        public String toString() {
            return library + ":" + template + ":" + line + ": " + what;
        }
    }

    /**
     * What templates are tried on.
     *
     * @param columns all that the table has
     * @param rows the first of them, name → value
     */
    public record Sample(Set<String> columns, List<Map<String, Object>> rows) {}

    private final String library;
    private final Sample sample;
    private final List<Finding> findings = new ArrayList<>();

    private TemplateLint(String library, Sample sample) {
        this.library = library;
        this.sample = sample;
    }

    /**
     * @param library the data set, for the findings
     * @param yaml its {@code templates.yaml}
     * @param sample null for none: then only the text is looked at
     */
    public static List<Finding> check(String library, String yaml, Sample sample) {
        TemplateLint lint = new TemplateLint(library, sample);
        try {
            lint.check(new PromptSourceYaml(library).read(yaml, (key, wrong) -> lint.error(key, 1, lint.bare(wrong))));
        } catch (IllegalArgumentException e) {
            lint.wholeFile(e);
        }
        return List.copyOf(lint.findings);
    }

    private void wholeFile(IllegalArgumentException e) {
        if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            error(WHOLE_FILE, yaml.getProblemMark().getLine() + 1, "not YAML: " + yaml.getProblem());
        } else {
            error(WHOLE_FILE, 1, bare(e));
        }
    }

    /** Without the place, which the finding names itself. */
    private String bare(IllegalArgumentException e) {
        String message = e.getMessage().replaceAll("\\s*\\R\\s*", " ");
        return message.startsWith(library + ": ") ? message.substring(library.length() + 2) : message;
    }

    private void check(List<Definition> definitions) {
        boolean tasks = definitions.stream().anyMatch(definition -> definition.task() != null);
        Map<String, String> idOfName = new HashMap<>();
        for (Definition definition : definitions) {
            String name = definition.name();
            String other = idOfName.putIfAbsent(name, definition.id());
            if (other != null) {
                warn(name, 1, "has the name of " + other + " too: only the ids tell them apart");
            }
            if (tasks && definition.task() == null) {
                warn(name, 1, "names no task, as others here do: its task is '" + PromptTemplate.slug(name) + "'");
            }
            checkMetrics(definition);
            checkConstants(definition);
            try {
                checkCompiled(PromptTemplate.compile(library, definition));
            } catch (TemplateException e) {
                error(name, e);
            }
        }
    }

    private void checkMetrics(Definition definition) {
        if (definition.metrics().isEmpty()) {
            warn(definition.name(), 1, "names no metric");
        }
        for (String metric : definition.metrics()) {
            if (!METRICS.contains(metric)) {
                warn(
                        definition.name(),
                        1,
                        "unknown metric '" + metric + "'; known are " + String.join(", ", new TreeSet<>(METRICS)));
            }
        }
    }

    /** What can be told without rendering, of texts that hold no Jinja. */
    private void checkConstants(Definition definition) {
        String choices = definition.answerChoices();
        if (choices == null || choices.contains("{")) {
            return;
        }
        List<String> answers = PromptTemplate.split(choices);
        Set<String> seen = new HashSet<>();
        Set<String> twice = new TreeSet<>();
        answers.forEach(answer -> {
            if (!seen.add(answer)) {
                twice.add(answer);
            }
        });
        if (!twice.isEmpty()) {
            warn(definition.name(), 1, "answer choices that stand there twice: " + String.join(", ", twice));
        }
        if (answers.size() < 2) {
            warn(definition.name(), 1, "only one answer choice: " + choices.strip());
        }
        List<String> parts = PromptTemplate.split(definition.jinja());
        String target = parts.get(parts.size() - 1);
        if (parts.size() == 2 && !target.contains("{") && !seen.contains(target)) {
            error(definition.name(), 1, "the target '" + target + "' is not among the answer choices " + answers);
        }
    }

    private void checkCompiled(PromptTemplate template) {
        if (!template.definition().jinja().contains(PromptTemplate.SEPARATOR)) {
            error(template.name(), 1, "no " + PromptTemplate.SEPARATOR + " between prompt and target");
        }
        Map<String, Integer> fields = template.fields();
        Integer line = fields.get(PromptTemplate.ANSWER_CHOICES);
        if (line != null) {
            error(template.name(), line, "asks for answer choices, but has none");
        }
        if (sample == null) {
            return;
        }
        boolean complete = true;
        for (Map.Entry<String, Integer> field : fields.entrySet()) {
            if (!field.getKey().equals(PromptTemplate.ANSWER_CHOICES)
                    && !sample.columns().contains(field.getKey())) {
                complete = false;
                error(
                        template.name(),
                        field.getValue(),
                        "asks for '" + field.getKey() + "', but the table's columns are "
                                + String.join(", ", sample.columns()));
            }
        }
        if (complete) {
            new Trial(template).run();
        }
    }

    /** A template over the rows: what is wrong is told once, with the number of rows and the first of them. */
    private final class Trial {
        private final PromptTemplate template;
        private final List<Integer> failed = new ArrayList<>();
        private final List<Integer> outside = new ArrayList<>();
        private final Map<Rendering.Reason, Integer> skipped = new HashMap<>();
        private TemplateException failure;
        private String target;
        private int examples;

        Trial(PromptTemplate template) {
            this.template = template;
        }

        void run() {
            for (int row = 0; row < sample.rows().size(); row++) {
                try {
                    take(row, template.render(sample.rows().get(row), row));
                } catch (TemplateException e) {
                    failure = failure == null ? e : failure;
                    failed.add(row);
                }
            }
            if (failure != null) {
                error(template.name(), failure.line(), "fails on " + of(failed) + ": " + failure.reason());
            }
            if (!outside.isEmpty()) {
                error(
                        template.name(),
                        1,
                        "the target is not among the answer choices in " + of(outside) + ": '" + target + "'");
            }
            if (examples == 0 && !skipped.isEmpty()) {
                warn(template.name(), 1, "makes no example of the table's first rows: " + reasons());
            }
        }

        private void take(int row, Rendering rendering) {
            if (!(rendering instanceof Rendering.Skipped skip)) {
                examples++;
            } else if (skip.reason() == Rendering.Reason.TARGET_NOT_A_CHOICE) {
                if (outside.isEmpty()) {
                    target = template.parts(sample.rows().get(row), row).parts().get(1);
                }
                outside.add(row);
            } else {
                skipped.merge(skip.reason(), 1, Integer::sum);
            }
        }

        private String of(List<Integer> rows) {
            return rows.size() + " of " + sample.rows().size() + " rows, first in row " + rows.get(0);
        }

        private String reasons() {
            return String.join(
                    ", ",
                    skipped.entrySet().stream()
                            .map(entry -> entry.getKey().text() + " (" + entry.getValue() + ")")
                            .sorted()
                            .toList());
        }
    }

    private void error(String template, TemplateException e) {
        boolean ofChoices = e.template().endsWith(PromptTemplate.OF_CHOICES);
        error(template, e.line(), (ofChoices ? "answer choices: " : "") + e.reason());
    }

    private void error(String template, int line, String what) {
        findings.add(new Finding(library, template, line, true, what));
    }

    private void warn(String template, int line, String what) {
        findings.add(new Finding(library, template, line, false, what));
    }
}
