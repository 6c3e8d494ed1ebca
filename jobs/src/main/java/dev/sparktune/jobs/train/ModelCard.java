package dev.sparktune.jobs.train;

import dev.sparktune.jobs.settings.TrainSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The README.md of a model directory, and of the adapter beside it: where the model comes from, what it was trained on, what came out, what it is not for.
 *
 * @param name heading
 * @param base name of the model it was tuned from; null for one trained from the start
 * @param licence the Hub's identifier, in any case; {@code other} where only a LICENSE file tells, {@code unknown} where nothing does
 * @param summary a paragraph
 * @param data what it was trained on: name to value
 * @param training how: name to value
 * @param figures what came out: name to value
 * @param limits a sentence each
 */
public record ModelCard(
        String name,
        String base,
        String licence,
        String summary,
        Map<String, Object> data,
        Map<String, Object> training,
        Map<String, Object> figures,
        List<String> limits) {

    /** Of the model. */
    public String markdown() {
        return markdown("transformers", """
                from transformers import AutoModelForCausalLM, AutoTokenizer

                directory = "path/of/this/directory"
                tokenizer = AutoTokenizer.from_pretrained(directory)
                model = AutoModelForCausalLM.from_pretrained(directory)
                inputs = tokenizer("Your prompt", return_tensors="pt")
                print(tokenizer.decode(model.generate(**inputs, max_new_tokens=32)[0]))
                ```

                The training curve is in `training.jsonl` and `training.parquet`, every setting in `metrics.json`.
                """);
    }

    /** Of the adapter alone. */
    public String adapterMarkdown() {
        return markdown("peft", """
                from peft import PeftModel
                from transformers import AutoModelForCausalLM

                base = AutoModelForCausalLM.from_pretrained("path/of/the/base")
                model = PeftModel.from_pretrained(base, "path/of/this/directory")
                ```

                The model with the adapter merged in lies beside it, in `model`, with its training curve and every setting.
                """);
    }

    private String markdown(String library, String use) {
        StringBuilder card = new StringBuilder("---\n");
        card.append("license: ").append(yaml(licence.toLowerCase(Locale.ROOT))).append('\n');
        card.append("library_name: ").append(library).append("\npipeline_tag: text-generation\n");
        if (base != null) {
            card.append("base_model: ").append(yaml(base)).append('\n');
        }
        card.append("tags:\n- sparktune\n---\n\n# ")
                .append(name)
                .append("\n\n")
                .append(summary)
                .append("\n\n");
        table(card, "Data", data);
        table(card, "Training", training);
        table(card, "Figures", figures);
        card.append("## Limits\n\n");
        limits.forEach(limit -> card.append("- ").append(limit).append('\n'));
        card.append("\n## Use\n\n```python\n").append(use);
        return card.toString();
    }

    private static void table(StringBuilder card, String heading, Map<String, Object> rows) {
        card.append("## ").append(heading).append("\n\n| | |\n|---|---|\n");
        rows.forEach((name, value) -> card.append("| ")
                .append(name.replace('_', ' '))
                .append(" | ")
                .append(cell(value))
                .append(" |\n"));
        card.append('\n');
    }

    private static String cell(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return String.format(Locale.ROOT, "%,d", ((Number) value).longValue());
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.4g", number);
        }
        return String.valueOf(value).replace("|", "\\|").replaceAll("\\s+", " ");
    }

    /** A double-quoted YAML scalar. */
    private static String yaml(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + '"';
    }

    /** The rows of {@code counts} that say something: zeros are left out. */
    public static Map<String, Object> notZero(Map<String, Long> counts) {
        Map<String, Object> rows = new LinkedHashMap<>();
        counts.forEach((name, value) -> {
            if (value != 0) {
                rows.put(name, value);
            }
        });
        return rows;
    }

    /** The settings that shaped a run. */
    public static Map<String, Object> training(TrainSettings settings) {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("optimizer", "AdamW, decay on matrices only");
        rows.put("global_batch_size", settings.globalBatchSize());
        rows.put("learning_rate", settings.learningRate() + ", " + settings.lrSchedulerType());
        rows.put("weight_decay", settings.weightDecay());
        rows.put("max_grad_norm", settings.maxGradNorm());
        rows.put("max_length", settings.maxLength());
        rows.put("seed", String.valueOf(settings.seed()));
        return rows;
    }
}
