package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.example.Example;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The course's mixture of tasks, of real reviews by the shipped settings. */
class MultitaskPrepareIT {
    @TempDir
    Path directory;

    @Test
    void trainHoldsFiftyToAHundredThousandExamplesOfTenTasks() throws Exception {
        PreparedData data = PreparedData.prepare(
                directory.resolve("data"),
                Files.readString(ProjectRoot.resolve("conf/multitask.yaml")),
                List.of("input.path=" + Shared.require("data/amazon/parquet")));

        List<Example> train = data.examples("train");
        assertThat(train).hasSizeBetween(50_000, 100_000);
        Map<String, Long> tasks = train.stream().collect(Collectors.groupingBy(Example::task, Collectors.counting()));
        assertThat(tasks)
                .containsOnlyKeys(
                        "rate",
                        "sentiment",
                        "summarise",
                        "title",
                        "generate",
                        "product",
                        "helpfulness",
                        "category",
                        "reason",
                        "compare");
        assertThat(tasks.values().stream().mapToLong(Long::longValue).max().orElseThrow())
                .as("the most frequent task of %s", tasks)
                .isLessThanOrEqualTo(10_000);
        assertThat(train.stream().map(example -> example.id() + "/" + example.task()))
                .as("a record asks each task in one phrasing")
                .doesNotHaveDuplicates();
        assertThat(train.stream().map(Example::templateId).distinct()).hasSize(30);
        assertThat(train.stream()
                        .filter(example -> example.task().equals("category"))
                        .map(Example::targetLabel)
                        .distinct())
                .containsExactlyInAnyOrder("Baby", "Beauty", "Major appliances");
        System.out.println("multitask: " + tasks);
    }
}
