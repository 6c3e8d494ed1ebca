package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {

    @Test
    void namesBaseLicenceDataFiguresAndLimits() {
        String card = new ModelCard(
                        "small, tuned",
                        "small \"one\"",
                        "apache-2.0",
                        "A summary.",
                        Map.of("train_examples", 12345L),
                        Map.of("seed", "42"),
                        Map.of("eval_loss", 1.23456),
                        List.of("It errs."))
                .markdown();

        assertThat(card)
                .startsWith("---\nlicense: \"apache-2.0\"\nlibrary_name: transformers\n")
                .contains(
                        "base_model: \"small \\\"one\\\"\"\n",
                        "# small, tuned\n",
                        "| train examples | 12,345 |\n",
                        "| eval loss | 1.235 |\n",
                        "- It errs.\n",
                        "AutoModelForCausalLM.from_pretrained(directory)");
    }
}
