package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.train.TrainOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    @Test
    void whatIsLeftOpenFollowsFromTheData() {
        TrainOptions options = TrainingPlan.options(settings("{global_batch_size: 20, num_train_epochs: 3}"), 1001, 1);

        assertThat(options.microBatchSize()).isEqualTo(8);
        assertThat(options.evalSteps()).isEqualTo(51);
        assertThat(options.saveSteps()).isEqualTo(51);
        assertThat(options.totalSteps(1001)).isEqualTo(151);
    }

    @Test
    void contradictionsAreNamedAsTheUserWroteThem() {
        assertThatThrownBy(() -> TrainingPlan.check(settings("{global_batch_size: 32, micro_batch_size: 64}")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("train.global_batch_size must be at least micro_batch_size (64), but is 32");
        assertThatThrownBy(() -> TrainingPlan.check(settings("{num_train_epochs: 0}")))
                .hasMessage("train.num_train_epochs must be above 0, but is 0.0");
        assertThatThrownBy(() -> TrainingPlan.check(settings("{early_stopping_threshold: 0.1}")))
                .hasMessage(
                        "train.early_stopping_threshold is 0.1, but without train.early_stopping_patience nothing stops"
                                + " early");
    }

    private static TrainSettings settings(String train) {
        return Settings.read("test", "output: /x\ntrain: " + train, List.of(), Set.of("train"))
                .train();
    }
}
