package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptCompletionDataTest {
    @TempDir
    Path root;

    @Test
    void readsWhatPrepareWrote() throws IOException {
        write("'p' as prompt, ' c' as completion, 'rate' as task", root.resolve("prompt_completion/train"));
        write("'q' as prompt, ' d' as completion, 'rate' as task", root.resolve("prompt_completion/validation"));

        assertThat(data(List.of()).train().collectAsList()).hasSize(1);
        assertThat(data(List.of("rate")).validation())
                .hasValueSatisfying(rows -> assertThat(rows.collectAsList()).hasSize(1));
    }

    @Test
    void aPlainDirectoryIsAllTrainingData() throws IOException {
        write("'p' as prompt, ' c' as completion", root);

        assertThat(data(List.of()).train().collectAsList()).hasSize(1);
        assertThat(data(List.of()).validation()).isEmpty();
    }

    @Test
    void tasksOfTwoDataSetsAreTrainedOnTogether() throws IOException {
        Path other = root.resolve("other");
        write("'p' as prompt, ' c' as completion, 'rate' as task", root.resolve("train"));
        write("'q' as prompt, ' d' as completion, 'rate' as task", root.resolve("validation"));
        write("1 as id, ' n' as completion, 'name' as task, 'who' as prompt", other.resolve("train"));

        PromptCompletionData data = data(List.of("rate", "name@" + other));

        assertThat(data.train().collectAsList())
                .containsExactlyInAnyOrder(RowFactory.create("p", " c"), RowFactory.create("who", " n"));
        assertThat(data.validation().orElseThrow().collectAsList()).containsExactly(RowFactory.create("q", " d"));
        assertThatThrownBy(() -> data(List.of("rate@" + other)).train())
                .hasMessage("train.tasks names rate, but " + other + "/train has the tasks name");
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithThoseThatAre() {
        write("'p' as prompt, ' c' as answer", root);

        assertThatThrownBy(() -> data(List.of()).train())
                .hasMessage(root + ": no column 'completion'; it has prompt, answer");
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() {
        write("1 as prompt, ' c' as completion", root);

        assertThatThrownBy(() -> data(List.of()).train())
                .hasMessage(root + ": the column 'prompt' must hold strings, but holds int");
    }

    @Test
    void aTaskThatIsNotThereIsNamedWithThoseThatAre() {
        write("'p' as prompt, ' c' as completion, 'rate' as task", root);

        assertThatThrownBy(() -> data(List.of("rate", "sing")).train())
                .hasMessage("train.tasks names sing, but " + root + " has the tasks rate");
    }

    private void write(String columns, Path directory) {
        LocalSpark.session()
                .sql("select " + columns)
                .write()
                .mode("overwrite")
                .parquet(directory.toUri().toString());
    }

    private PromptCompletionData data(List<String> tasks) {
        return new PromptCompletionData(
                LocalSpark.session(), new Locations(new Configuration()), TaskSource.of(tasks, root.toString()));
    }
}
