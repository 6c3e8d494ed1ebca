package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleFiles;
import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleReader;
import dev.sparktune.report.dataset.DatasetReport;
import dev.sparktune.report.dataset.DatasetReport.Sample;
import dev.sparktune.template.PromptTemplate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A few written examples of each task, for the report: the first in a split's first file, which is in a random order. */
final class ShownExamples {
    private static final int OF_EACH_TASK = 2;

    private ShownExamples() {}

    /** Of train; of the first split where there is none of that name. */
    static DatasetReport.Samples of(Manifest manifest, Configuration conf, Path output) throws IOException {
        List<String> splits = manifest.map().fractions().names();
        String split = splits.contains(SplitPlan.TRAIN) ? SplitPlan.TRAIN : splits.get(0);
        Map<String, String> templates =
                manifest.templates().all().stream().collect(Collectors.toMap(PromptTemplate::id, PromptTemplate::name));
        Map<String, List<Example>> found = new LinkedHashMap<>();
        manifest.templates().byTask().keySet().forEach(task -> found.put(task, new ArrayList<>()));
        Path directory = new Path(output, RenderedFiles.directory(ExampleForm.PROMPT_COMPLETION, split));
        Path first = ExampleFiles.in(conf, directory).get(0);
        long missing = manifest.tasks(split).values().stream()
                .mapToLong(examples -> Math.min(OF_EACH_TASK, examples))
                .sum();
        try (ExampleReader reader = ExampleReader.open(conf, first)) {
            while (missing > 0 && reader.hasNext()) {
                Example example = reader.next();
                List<Example> ofTask = found.get(example.task());
                // not two phrasings of one record
                if (ofTask.size() < OF_EACH_TASK && ofTask.stream().noneMatch(e -> e.id().equals(example.id()))) {
                    ofTask.add(example);
                    missing--;
                }
            }
        }
        return new DatasetReport.Samples(
                split,
                found.values().stream()
                        .flatMap(List::stream)
                        .map(example -> sample(example, templates.get(example.templateId())))
                        .toList(),
                found.keySet().stream()
                        .filter(task -> found.get(task).isEmpty())
                        .toList());
    }

    private static Sample sample(Example example, String template) {
        return new Sample(
                example.task(),
                template,
                example.prompt(),
                example.completion(),
                example.answerChoices() == null ? List.of() : example.answerChoices());
    }
}
