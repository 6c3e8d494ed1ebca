package dev.sparktune.jobs.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.mixture.MixingRates;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Set<String> TOP = Set.of("output");

    @Test
    void yamlAndDefaultsMakeTheRecords() {
        Settings settings = read("""
                output: /out
                train:
                  learning_rate: 5e-4
                  num_train_epochs: 3
                split:
                  stratify: star_rating
                """);

        assertThat(settings.train().learningRate()).isEqualTo(5e-4);
        assertThat(settings.train().numTrainEpochs()).isEqualTo(3.0);
        assertThat(settings.train().adamBeta2()).isEqualTo(0.999);
        assertThat(settings.train().maxSteps()).isNull();
        assertThat(settings.split().stratify()).containsExactly("star_rating");
        assertThat(settings.split().fractions()).isEqualTo(Map.of("train", 0.8, "validation", 0.1, "test", 0.1));
        assertThat(settings.dataUri()).isEqualTo("/out/data");
    }

    @Test
    void setSplitsAtTheFirstEqualsSignReadsYamlAndTheLastWins() {
        Settings settings = read(
                "output: /out",
                "templates.names=[\"A, b\", C]",
                "input.where=stars = 5",
                "train.seed=1",
                "train.seed=2",
                "input.options.sep=;");

        assertThat(settings.templates().names()).containsExactly("A, b", "C");
        assertThat(settings.input().where()).isEqualTo("stars = 5");
        assertThat(settings.train().seed()).isEqualTo(2);
        assertThat(settings.input().options()).isEqualTo(Map.of("sep", ";"));
    }

    @Test
    void aMixtureIsWrittenAsTasksAndNumbers() {
        MixtureSettings mixture = read("""
                output: /out
                mixture:
                  phrasings: one
                  weights: {rate: 2}
                  caps: {"*": 30000, rate: 5000}
                  maximum: 3000
                  size: 60000
                """).mixture();

        assertThat(mixture.onePhrasing()).isTrue();
        assertThat(mixture.rates())
                .isEqualTo(new MixingRates(Map.of("rate", 2.0), Map.of("*", 30_000L, "rate", 5_000L), 3_000, 1));
        assertThat(mixture.wantedSize()).hasValue(60_000);
        assertThat(read("output: /out").mixture().rates()).isEqualTo(MixingRates.PROPORTIONAL);
        assertThat(read("output: /out").mixture().wantedSize()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "train.learnin_rate=1 ~ train.learnin_rate: unknown key; the nearest known one is train.learning_rate (--set train.learnin_rate=1)",
                "train.global_batch_size=0 ~ train.global_batch_size: must be at least 1, but is 0 (--set train.global_batch_size=0)",
                "mixture.temperature=0.5 ~ mixture.temperature: must be at least 1, but is 0.5 (--set mixture.temperature=0.5)",
                "mixture.weights.rate=-1 ~ mixture: the weight of task 'rate' must be at least 0, but is -1.0 (test.yaml)",
                "mixture.phrasings=two ~ mixture.phrasings: must be one of all, one, but is two (--set mixture.phrasings=two)",
                "train.warmup_ratio=2 ~ train.warmup_ratio: must be from 0 to 1, but is 2.0 (--set train.warmup_ratio=2)",
                "train.seed=x ~ train.seed: must be a whole number, but is a string (x) (--set train.seed=x)",
                "train.max_length=2.5 ~ train.max_length: must be a whole number, but is a number (2.5) (--set train.max_length=2.5)",
                "train.lr_scheduler_type=step ~ train.lr_scheduler_type: must be one of constant, linear, cosine, but is step (--set train.lr_scheduler_type=step)",
                "train=3 ~ train: must be a section with keys of its own, but is a number (3) (--set train=3)",
                "train ~ --set train: must be key=value",
                "train.seed=[1 ~ --set train.seed=[1 line 1: not YAML: expected ',' or ']', but got <stream end>",
            })
    void whatCannotBeIsOneLineWithKeyValueBoundAndPlace(String set, String message) {
        assertThatThrownBy(() -> read("output: /out", set))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void aMistakeInTheFileIsNamedWithItsLine() {
        assertThatThrownBy(() -> read("output: /out\n\ntrain:\n  epochs: 3\n"))
                .hasMessage(
                        "train.epochs: unknown key; the nearest known one is train.num_train_epochs (test.yaml line 4)");
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        assertThatThrownBy(() -> read("output: /a\noutput: /b\n")).hasMessageContaining("duplicate key output");
    }

    @Test
    void whatAJobDoesNotReadIsNotRequired() {
        assertThat(read("output: /out").input().path()).isEmpty();
        assertThatThrownBy(() -> Settings.read("test.yaml", "output: /out", List.of(), Set.of("output", "pretrain")))
                .hasMessage("pretrain.tokenizer: is required; give it in test.yaml or by --set pretrain.tokenizer=…");
        assertThatThrownBy(() -> read("train: {}"))
                .hasMessage("output: is required; give it in test.yaml or by --set output=…");
    }

    @Test
    void yamlCannotMakeObjects() {
        assertThatThrownBy(() -> read("output: !!javax.script.ScriptEngineManager []"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("test.yaml");
    }

    private static Settings read(String yaml, String... sets) {
        return Settings.read("test.yaml", yaml, List.of(sets), TOP);
    }
}
