package dev.sparktune.jobs.prepare;

import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleSchema;
import dev.sparktune.jobs.input.BadFile;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.SplitBalance;
import dev.sparktune.split.SplitFractions;
import dev.sparktune.template.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a prepared data set is made of and how: {@code manifest.json}.
 *
 * @param version of the program
 * @param source of the rows
 * @param templates that were rendered
 * @param rule of the splits; later runs take it from here
 * @param forms in which the examples are written
 * @param files directory → what lies in it
 * @param tally what became of every row
 * @param lengths by what the examples' lengths were counted
 * @param leaks what the splits have in common
 */
record Manifest(
        String version,
        Source source,
        TemplateSet templates,
        SplitRule rule,
        List<ExampleForm> forms,
        Map<String, RenderedFiles.Size> files,
        Tally tally,
        ExampleLengths lengths,
        LeakReport leaks) {
    static final String FILE = "manifest.json";

    private static final int SCHEMA_VERSION = 1;

    /**
     * Where the rows came from.
     *
     * @param table of Spark's catalogs; null for files
     * @param files {@code path length time} each
     * @param badFiles those that were left out
     * @param exclusion null where no ids were to be left out
     */
    record Source(
            String name,
            String license,
            String table,
            List<String> files,
            List<BadFile> badFiles,
            InputTable.Exclusion exclusion) {
        private Map<String, Object> toJson() {
            List<Map<String, Object>> bad = new ArrayList<>();
            badFiles.forEach(file -> bad.add(ordered("path", file.path(), "reason", file.reason())));
            return ordered(
                    "name",
                    name,
                    "license",
                    license,
                    "table",
                    table,
                    "files",
                    files,
                    "bad_files",
                    bad,
                    "exclusion",
                    exclusion);
        }
    }

    BucketMap map() {
        return rule.map();
    }

    /** How near the strata came to the map's fractions: all rows that it dealt, also those that then left their split. */
    SplitBalance balance() {
        SplitFractions splits = rule.map().fractions();
        return SplitBalance.of(tally.dealt(splits.names()), splits);
    }

    long rows() {
        return kept() + quarantined() + reserve();
    }

    long reserve() {
        return tally.total(Tally.Kind.RESERVE);
    }

    /** Cleaning step → rows that it changed. */
    Map<String, Long> cleaned() {
        Map<String, Long> steps = new LinkedHashMap<>();
        tally.of(Tally.Kind.CLEANED).forEach((step, count) -> steps.put(step, count.get("")));
        return steps;
    }

    long kept() {
        return tally.total(Tally.Kind.KEPT);
    }

    long quarantined() {
        return tally.total(Tally.Kind.QUARANTINED);
    }

    long examples() {
        return tally.total(Tally.Kind.EXAMPLES);
    }

    long skipped() {
        return tally.total(Tally.Kind.SKIPPED);
    }

    /** Reason → rows. */
    Map<String, Long> quarantinedByReason() {
        Map<String, Long> reasons = new LinkedHashMap<>();
        tally.of(Tally.Kind.QUARANTINED).forEach((reason, count) -> reasons.put(reason, count.get("")));
        return reasons;
    }

    /** Examples of more tokens than train.max_length; empty where tokens were not counted. */
    OptionalLong tooLong() {
        return lengths.countsTokens() ? OptionalLong.of(tally.total(Tally.Kind.TOO_LONG)) : OptionalLong.empty();
    }

    /** Unit → task → figures. */
    Map<String, Object> lengthsAsJson() {
        return lengths.toJson(tally);
    }

    /** Template's name → reason → renderings. */
    Map<String, Map<String, Long>> skippedByTemplate() {
        Map<String, Map<String, Long>> skipped = new LinkedHashMap<>();
        for (PromptTemplate template : templates.all()) {
            Map<String, Long> reasons = tally.of(Tally.Kind.SKIPPED).get(template.id());
            if (reasons != null) {
                skipped.put(template.name(), reasons);
            }
        }
        return skipped;
    }

    /** Split → its rows, examples, files, strata and tasks. */
    Map<String, Object> splits() {
        Map<String, Object> splits = new LinkedHashMap<>();
        for (String split : rule.map().fractions().names()) {
            Map<String, Object> counts = new LinkedHashMap<>();
            counts.put("rows", tally.total(Tally.Kind.KEPT, split));
            counts.put("examples", tally.total(Tally.Kind.EXAMPLES, split));
            counts.put("files", size(split).files());
            counts.put("bytes", size(split).bytes());
            counts.put("reserve", tally.total(Tally.Kind.RESERVE, split));
            counts.put("strata", tally.of(Tally.Kind.KEPT).getOrDefault(split, Map.of()));
            counts.put("tasks", tasks(split));
            splits.put(split, counts);
        }
        return splits;
    }

    RenderedFiles.Size size(String split) {
        return size(ExampleForm.PROMPT_COMPLETION, split);
    }

    RenderedFiles.Size size(ExampleForm form, String split) {
        return files.get(RenderedFiles.directory(form, split));
    }

    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema_version", SCHEMA_VERSION);
        json.put("version", version);
        json.put("source", Redaction.tree(source.toJson()));
        json.put("columns", columns());
        json.put(
                "rows",
                ordered(
                        "in",
                        rows(),
                        "kept",
                        kept(),
                        "quarantined",
                        quarantined(),
                        "reserve",
                        reserve(),
                        "excluded",
                        tally.total(Tally.Kind.EXCLUDED)));
        json.put("quarantined", quarantinedByReason());
        json.put("cleaned", cleaned());
        json.put("forms", forms.stream().map(ExampleForm::key).toList());
        json.put("splits", splits());
        json.put("templates", templatesAsJson());
        json.put("lengths", lengthsAsJson());
        json.put("balance", balance());
        json.put("leaks", leaks);
        rule.writeTo(json);
        return Json.write(json);
    }

    private static List<Map<String, Object>> columns() {
        List<Map<String, Object>> columns = new ArrayList<>();
        for (String column : ExampleSchema.COLUMNS) {
            columns.add(ordered(
                    "name", column, "type", column.equals(ExampleSchema.ANSWER_CHOICES) ? "list<string>" : "string"));
        }
        return columns;
    }

    private List<Map<String, Object>> templatesAsJson() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (PromptTemplate template : templates.all()) {
            list.add(ordered(
                    "name", template.name(),
                    "task", template.task(),
                    "id", template.id(),
                    "hash", template.hash(),
                    "examples", examplesOf(template),
                    "skipped", tally.of(Tally.Kind.SKIPPED).getOrDefault(template.id(), Map.of())));
        }
        return list;
    }

    long examplesOf(PromptTemplate template) {
        return tally.examplesOf(template.id());
    }

    /** Task → examples, in the templates' order. */
    Map<String, Long> tasks(String split) {
        Map<String, Long> byTemplate = tally.of(Tally.Kind.EXAMPLES).getOrDefault(split, Map.of());
        Map<String, Long> tasks = new LinkedHashMap<>();
        for (PromptTemplate template : templates.all()) {
            tasks.merge(template.task(), byTemplate.getOrDefault(template.id(), 0L), Long::sum);
        }
        return tasks;
    }

    /** A map that keeps its order: the same data set, the same manifest. */
    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
