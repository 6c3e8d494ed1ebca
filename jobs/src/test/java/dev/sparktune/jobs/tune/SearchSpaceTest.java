package dev.sparktune.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.LoraSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {

    @Test
    void aGridHasEveryCombinationInOrder() {
        List<Trial> trials =
                trials("{parameters: {train.learning_rate: [1e-4, 3e-4], train.weight_decay: [0.0, 0.1]}}");

        assertThat(trials)
                .extracting(Trial::text)
                .containsExactly(
                        "learning_rate=1.0E-4, weight_decay=0.0",
                        "learning_rate=1.0E-4, weight_decay=0.1",
                        "learning_rate=3.0E-4, weight_decay=0.0",
                        "learning_rate=3.0E-4, weight_decay=0.1");
        assertThat(trials)
                .extracting(trial -> trial.settings().train().learningRate())
                .containsExactly(1e-4, 1e-4, 3e-4, 3e-4);
        assertThat(trials).allMatch(trial -> trial.settings().train().globalBatchSize() == 16);
        assertThat(trials).allMatch(trial -> trial.settings().output().equals("/x"));
    }

    @Test
    void drawsStayInTheirRangesAndDependOnTheSeedOnly() {
        String tune = """
                {search: random, trials: 200, seed: %d, parameters: {train.learning_rate: {min: 1e-5, max: 1e-2, scale: log},
                 train.warmup_steps: {min: 0, max: 3}, train.lr_scheduler_type: [linear, cosine]}}""";
        List<Trial> trials = trials(tune.formatted(1));

        assertThat(trials).hasSize(200);
        assertThat(trials)
                .allMatch(trial -> trial.settings().train().learningRate() >= 1e-5
                        && trial.settings().train().learningRate() <= 1e-2);
        assertThat(trials.stream().filter(trial -> trial.settings().train().learningRate() < 1e-4))
                .hasSizeBetween(40, 95); // a third, as the range has three decades
        assertThat(trials)
                .extracting(trial -> trial.settings().train().warmupSteps())
                .contains(0, 1, 2, 3)
                .allMatch(steps -> steps >= 0 && steps <= 3);
        assertThat(trials(tune.formatted(1))).isEqualTo(trials);
        assertThat(trials(tune.formatted(2))).isNotEqualTo(trials);
    }

    @Test
    void whatFinetuneReadsBesideWhatIsTriedStaysAsItIsAndEndsInBestYaml() {
        List<Trial> trials = trials(
                "{parameters: {lora.r: [8, 64], lora.target_modules: [[q_proj, v_proj], all-linear]}}",
                "train.method=lora",
                "lora.alpha=32",
                "lora.use_rslora=true",
                "privacy.examples=false");

        assertThat(trials)
                .extracting(Trial::text)
                .containsExactly(
                        "r=8, target_modules=[q_proj, v_proj]",
                        "r=8, target_modules=all-linear",
                        "r=64, target_modules=[q_proj, v_proj]",
                        "r=64, target_modules=all-linear");
        Settings third = trials.get(2).settings();
        assertThat(third.lora()).isEqualTo(new LoraSettings(64, 32, 0, List.of("q_proj", "v_proj"), true, null));
        assertThat(third.privacy().examples()).isFalse();
        Settings best =
                Settings.read("best.yaml", BestSettings.yaml(third, "Found."), List.of(), Set.of("output", "train"));
        assertThat(best.train()).isEqualTo(third.train());
        assertThat(best.lora()).isEqualTo(third.lora());
        assertThat(best.privacy().examples()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{parameters: {}} | tune.parameters names no key to try values of",
                "{parameters: {train.lerning_rate: [1]}} | tune.parameters: train.lerning_rate: unknown key; the nearest known one is train.learning_rate (--set train.lerning_rate=1)",
                "{parameters: {train.learning_rate: [fast]}} | tune.parameters: train.learning_rate: must be a number, but is a string (fast) (--set train.learning_rate=\"fast\")",
                "{parameters: {output: [/a, /b]}} | tune.parameters: 'output' cannot be tried; only keys of model, train and lora can that change what comes out",
                "{parameters: {train.workers: [1, 2]}} | tune.parameters: 'train.workers' cannot be tried; only keys of model, train and lora can that change what comes out",
                "{parameters: {train.max_length: [8, 9]}} | tune.parameters: 'train.max_length' cannot be tried, since other values of it have other validation examples judge",
                "{parameters: {model.base: [/a, /b]}} | tune.parameters: 'model.base' cannot be tried by eval_loss, which is per token and so differs by tokenizer; set tune.metric=eval_accuracy",
                "{parameters: {train.weight_decay: 0.1}} | tune.parameters: 'train.weight_decay' must be a list of values for a grid, but is 0.1",
                "{parameters: {lora.init: [/a, /b], lora.r: [8]}} | tune.parameters: 'lora.r' cannot be tried beside lora.init, whose adapter decides about it",
                "{parameters: {lora.rank: [8]}} | tune.parameters: lora.rank: unknown key; the nearest known one is lora.r (--set lora.rank=8)",
                "{trials: 3, parameters: {train.weight_decay: [0.1]}} | tune.trials is 3, but a grid has as many trials as its values have combinations; tune.search=random draws them",
                "{search: random, parameters: {train.weight_decay: [0.1]}} | tune.trials: is required where tune.search is random",
                "{search: random, trials: 2, parameters: {train.weight_decay: {min: 0, max: 1, scale: log}}} | tune.parameters: 'train.weight_decay' must have min below max, and for scale: log, the only scale, both above 0, but is {min=0, max=1, scale=log}"
            })
    void whatCannotBeTriedIsNamed(String tune, String message) {
        assertThatThrownBy(() -> trials(tune))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    private static List<Trial> trials(String tune, String... sets) {
        String yaml = "output: /x\nmodel: {base: /b}\ntrain: {global_batch_size: 16}\ntune: " + tune;
        return SearchSpace.trials(
                Settings.read("test", yaml, List.of(sets), Set.of("output", "data", "model", "train", "tune")));
    }
}
