package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.example.Example;
import dev.sparktune.similar.Shingles;
import dev.sparktune.split.SplitBalance;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real reviews by the shipped settings. */
class AmazonPrepareIT {
    private static final double JACCARD = 0.8;

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
                .containsEntry("kept", 30_854L)
                .containsEntry("quarantined", 1_170L);
        assertThat(counts.get("examples") + counts.get("skipped_renderings")).isEqualTo(3 * 30_854);
        assertThat(data.result().metrics().get("quarantined"))
                .isEqualTo(Map.of("review_body is empty", 2L, "near-duplicate of an evaluation row", 1_168L));

        Map<String, String> splitOfGroup = new HashMap<>();
        Set<String> ids = new HashSet<>();
        Map<String, Integer> rows = new HashMap<>();
        Map<String, List<int[]>> texts = new HashMap<>();
        for (String split : List.of("train", "validation", "test")) {
            Set<String> inSplit = new HashSet<>();
            for (Example example : data.examples(split)) {
                inSplit.add(example.id());
                if (example.task().equals("generate")) { // its completion is the review
                    texts.computeIfAbsent(split, s -> new ArrayList<>()).add(Shingles.of(example.targetLabel()));
                }
                assertThat(splitOfGroup.merge(example.groupId(), split, (before, now) -> before))
                        .isEqualTo(split);
            }
            rows.put(split, inSplit.size());
            ids.addAll(inSplit);
        }
        assertThat(ids).hasSize(30_854);
        assertThat(rows.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(30_854);
        assertThat(rows.get("train") + 1_168).isBetween(25_602, 25_634);
        assertThat(rows.get("validation")).isBetween(3_194, 3_210);
        SplitBalance balance = (SplitBalance) data.result().metrics().get("balance");
        assertThat(balance.cells()).isEqualTo(15);
        assertThat(balance.rms()).isLessThan(0.005);
        System.out.println("amazon: " + rows + ", " + balance);
        List<int[]> evaluated = new ArrayList<>(texts.get("validation"));
        evaluated.addAll(texts.get("test"));
        List<int[]> trained = texts.get("train").subList(0, 4_000); // in a random order: one in twenty would be near
        assertThat(nearOneOf(evaluated, trained)).as("left in train").isZero();
        assertThat(nearOneOf(texts.get("validation"), texts.get("test"))).isPositive();
    }

    /**
     * How many of the texts have a Jaccard similarity of 0.8 or more with one of the others. Every pair is looked at that can have:
     * one that does shares a shingle among the rarest fifth of either side (Chaudhuri, Ganti and Kaushik 2006, prefix filtering).
     */
    private static long nearOneOf(List<int[]> others, List<int[]> texts) {
        Map<Integer, Integer> frequency = new HashMap<>();
        Stream.concat(others.stream(), texts.stream())
                .flatMapToInt(IntStream::of)
                .forEach(shingle -> frequency.merge(shingle, 1, Integer::sum));
        Map<Integer, List<int[]>> byRareShingle = new HashMap<>();
        for (int[] other : others) {
            rarest(other, frequency).forEach(shingle -> byRareShingle
                    .computeIfAbsent(shingle, s -> new ArrayList<>())
                    .add(other));
        }
        return texts.stream()
                .filter(text -> rarest(text, frequency)
                        .anyMatch(shingle -> byRareShingle.getOrDefault(shingle, List.of()).stream()
                                .anyMatch(other -> Shingles.jaccard(text, other) >= JACCARD)))
                .count();
    }

    private static IntStream rarest(int[] shingles, Map<Integer, Integer> frequency) {
        return IntStream.of(shingles)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(frequency::get).thenComparing(Comparator.naturalOrder()))
                .limit(shingles.length - (long) Math.ceil(JACCARD * shingles.length) + 1)
                .mapToInt(Integer::intValue);
    }
}
