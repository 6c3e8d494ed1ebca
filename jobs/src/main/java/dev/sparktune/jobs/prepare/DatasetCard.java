package dev.sparktune.jobs.prepare;

import dev.sparktune.example.ExampleForm;
import dev.sparktune.example.ExampleSchema;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.split.SplitBalance;
import dev.sparktune.template.PromptTemplate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The data set's README.md: front matter by which Hugging Face's {@code datasets} loads it, and what a person asks first. */
final class DatasetCard {
    static final String FILE = "README.md";

    private DatasetCard() {}

    static String of(Manifest manifest) {
        return frontMatter(manifest) + text(manifest);
    }

    private static String frontMatter(Manifest manifest) {
        StringBuilder yaml = new StringBuilder("---\n");
        yaml.append("license: ").append(quoted(manifest.source().license())).append('\n');
        yaml.append("pretty_name: ").append(quoted(manifest.source().name())).append('\n');
        List<String> splits = manifest.map().fractions().names();
        yaml.append("configs:\n");
        for (ExampleForm form : manifest.forms()) {
            yaml.append("- config_name: ").append(form.key()).append('\n');
            yaml.append(form == ExampleForm.PROMPT_COMPLETION ? "  default: true\n" : "");
            yaml.append("  data_files:\n");
            for (String split : splits) {
                yaml.append("  - split: ").append(split).append('\n');
                yaml.append("    path: ")
                        .append(RenderedFiles.directory(form, split))
                        .append("/*.parquet\n");
            }
        }
        yaml.append("dataset_info:\n");
        for (ExampleForm form : manifest.forms()) {
            yaml.append("- config_name: ").append(form.key()).append("\n  features:\n");
            for (String column : form.columns()) {
                yaml.append("  - name: ").append(column).append('\n').append(feature(form, column));
            }
            yaml.append("  splits:\n");
            for (String split : splits) {
                yaml.append("  - name: ").append(split).append('\n');
                yaml.append("    num_bytes: ")
                        .append(manifest.size(form, split).bytes())
                        .append('\n');
                yaml.append("    num_examples: ")
                        .append(manifest.tally().total(Tally.Kind.EXAMPLES, split))
                        .append('\n');
            }
        }
        return yaml.append("---\n\n").toString();
    }

    private static String feature(ExampleForm form, String column) {
        if (form.isConversation(column)) {
            return "    list:\n    - name: role\n      dtype: string\n    - name: content\n      dtype: string\n";
        }
        return column.equals(ExampleSchema.ANSWER_CHOICES) ? "    list: string\n" : "    dtype: string\n";
    }

    private static String text(Manifest manifest) {
        SplitBalance balance = manifest.balance();
        StringBuilder card = new StringBuilder();
        card.append("# ").append(plain(manifest.source().name())).append(": prompts and completions\n\n");
        card.append(String.format(
                Locale.ROOT,
                "Made by sparktune %s from %,d rows: %,d kept, %,d in quarantine, %,d in reserve. Licence of the source:"
                        + " %s.%n%n",
                manifest.version(),
                manifest.rows(),
                manifest.kept(),
                manifest.quarantined(),
                manifest.reserve(),
                plain(manifest.source().license())));
        card.append("| split | rows | examples |\n|---|---:|---:|\n");
        for (String split : manifest.map().fractions().names()) {
            card.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d |%n",
                    split,
                    manifest.tally().total(Tally.Kind.KEPT, split),
                    manifest.tally().total(Tally.Kind.EXAMPLES, split)));
        }
        card.append("\n| task | template | examples | skipped |\n|---|---|---:|---:|\n");
        for (PromptTemplate template : manifest.templates().all()) {
            card.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,d | %,d |%n",
                    plain(template.task()),
                    plain(template.name()),
                    manifest.examplesOf(template),
                    manifest.tally().total(Tally.Kind.SKIPPED, template.id())));
        }
        if (manifest.quarantined() > 0) {
            card.append("\n| set aside because | rows |\n|---|---:|\n");
            for (Map.Entry<String, Long> reason : manifest.quarantinedByReason().entrySet()) {
                card.append(String.format(Locale.ROOT, "| %s | %,d |%n", plain(reason.getKey()), reason.getValue()));
            }
        }
        card.append(String.format(
                Locale.ROOT,
                """

                ## Reading it

                ```python
                from datasets import load_dataset

                splits = load_dataset("THIS_DIRECTORY")  # or pandas, DuckDB, Spark on prompt_completion/train
                ```

                `prompt` and `completion` are strings; the space between them belongs to the completion, and no
                end-of-sequence token is in the text. Trainers that know these two columns (TRL's SFTTrainer, sparktune's
                finetune) count the loss on the completion only. `answer_choices` are the answers to choose from, null for
                open tasks; `target_label` is the right one.

                `chat`, where it is there, has the same as conversations of one user and one assistant turn, which TRL treats
                alike: loss on the completion only. On `messages` TRL counts the loss on every turn unless it is told
                `assistant_only_loss=True`.

                ## Splits

                A record's split follows from a hash of its group by the map in `manifest.json`: a group never lies in two
                splits, and a record keeps its split as the data grow (`split.map`). `group_id` is a keyed hash; the key is
                not kept here. Over %d pairs of stratum and split with a target of %d rows or more, the shares miss their
                targets by %.2f %% (root mean square), %.2f %% at most; rows that left `train` since a row of another split is
                nearly the same are counted where the map had dealt them. The rows of `train` lie in a seeded random order.
                """,
                balance.cells(),
                (int) SplitBalance.LEAST_TARGET,
                100 * balance.rms(),
                100 * balance.max()));
        return card.toString();
    }

    /** JSON's string is YAML's too. */
    private static String quoted(String text) {
        return Json.write(text);
    }

    /** In one cell of one line of Markdown. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|").replace("<", "&lt;");
    }
}
