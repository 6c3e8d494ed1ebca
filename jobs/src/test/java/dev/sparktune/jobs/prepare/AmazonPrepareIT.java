package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.example.Example;
import dev.sparktune.split.SplitBalance;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real reviews by the shipped settings. */
class AmazonPrepareIT {
    @TempDir
    Path directory;

    @Test
    void everyReviewLiesInOneSplitAndNoCustomerInTwo() throws Exception {
        PreparedData data = PreparedData.prepare(
                directory.resolve("data"),
                Files.readString(ProjectRoot.resolve("conf/amazon.yaml")),
                List.of("input.path=" + Shared.require("data/amazon/parquet")));
        Map<String, Long> counts = data.result().counts();
        assertThat(counts)
                .containsEntry("rows", 32_024L)
                .containsEntry("kept", 32_022L)
                .containsEntry("quarantined", 2L);
        assertThat(counts.get("examples") + counts.get("skipped_renderings")).isEqualTo(3 * 32_022);
        assertThat(data.result().metrics().get("quarantined")).isEqualTo(Map.of("review_body is empty", 2L));

        Map<String, String> splitOfGroup = new HashMap<>();
        Set<String> ids = new HashSet<>();
        Map<String, Integer> rows = new HashMap<>();
        for (String split : List.of("train", "validation", "test")) {
            Set<String> inSplit = new HashSet<>();
            for (Example example : data.examples(split)) {
                inSplit.add(example.id());
                assertThat(splitOfGroup.merge(example.groupId(), split, (before, now) -> before))
                        .isEqualTo(split);
            }
            rows.put(split, inSplit.size());
            ids.addAll(inSplit);
        }
        assertThat(ids).hasSize(32_022);
        assertThat(rows.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(32_022);
        assertThat(rows.get("train")).isBetween(25_602, 25_634);
        assertThat(rows.get("validation")).isBetween(3_194, 3_210);
        SplitBalance balance = (SplitBalance) data.result().metrics().get("balance");
        assertThat(balance.cells()).isEqualTo(15);
        assertThat(balance.rms()).isLessThan(0.005);
        System.out.println("amazon: " + rows + ", " + balance);
    }
}
