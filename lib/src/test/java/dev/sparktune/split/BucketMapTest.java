package dev.sparktune.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketMapTest {
    private static final int BITS = 12;

    /** One review: who wrote it and what it is stratified by. */
    private record Review(String customer, String rating) {}

    @Test
    void theHashIsThePublishedOneAndStaysIt() {
        // Printed by scripts/reference/split_hash.py.
        assertThat(KeyHash.of("salt", "key")).isEqualTo(0x93d1f72664feb00cL);
        assertThat(KeyHash.of("sparktune", "ein längerer Schlüssel 😀")).isEqualTo(0x68320a101037b879L);
        assertThat(BucketMap.bucketOf("salt", 14, "key")).isEqualTo(9460);
        assertThat(KeyHash.of("a", "bc")).isNotEqualTo(KeyHash.of("ab", "c"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void splitsPartitionTheRecordsNearTheirFractionsWhateverTheOrder(long seed) {
        List<Review> reviews = reviews(seed, 40_000, 25_000);
        BucketMap map = search(reviews, "salt" + seed);
        Map<String, long[]> counts = counts(reviews, map);

        assertThat(counts.values().stream().flatMapToLong(Arrays::stream).sum()).isEqualTo(reviews.size());
        SplitBalance balance = SplitBalance.of(counts, map.fractions());
        assertThat(balance.cells()).isEqualTo(15);
        assertThat(balance.rms()).isLessThan(0.01);
        assertThat(balance.max()).isLessThan(0.03);

        Collections.shuffle(reviews, new Random(seed));
        assertThat(search(reviews, "salt" + seed)).isEqualTo(map);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void growthMovesNobodyAndKeepsTheBalance(long seed) throws JsonProcessingException {
        List<Review> reviews = reviews(seed, 40_000, 25_000);
        BucketMap map = search(reviews, "salt");
        Map<String, Integer> before = new TreeMap<>();
        reviews.forEach(review -> before.put(review.customer(), map.splitOf(review.customer())));

        BucketMap later =
                BucketMap.fromJson(new ObjectMapper().readTree(map.toJson().toString()));
        reviews.addAll(reviews(seed + 100, 10_000, 40_000));
        before.forEach((customer, split) -> assertThat(later.splitOf(customer)).isEqualTo(split));
        assertThat(SplitBalance.of(counts(reviews, later), later.fractions()).rms())
                .isLessThan(0.06);
    }

    @Test
    void oneCustomerWithMostOfTheDataGoesToTheLargestSplit() {
        List<Review> reviews = reviews(7, 1_000, 500);
        for (int i = 0; i < 5_000; i++) {
            reviews.add(new Review("everyone", String.valueOf(1 + i % 5)));
        }
        BucketMap map = search(reviews, "salt");

        assertThat(map.fractions().name(map.splitOf("everyone"))).isEqualTo("train");
        long[] all = new long[3];
        counts(reviews, map).values().forEach(stratum -> {
            for (int split = 0; split < 3; split++) {
                all[split] += stratum[split];
            }
        });
        assertThat(all[1]).isCloseTo(600, within(450L));
        assertThat(all[2]).isCloseTo(600, within(450L));
    }

    @Test
    void manyRareStrataDoNotEmptyTheSmallSplits() {
        List<Review> reviews = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            reviews.add(new Review("customer" + i, "product" + i / 3));
        }
        BucketMap map = search(reviews, "salt");
        long test = reviews.stream()
                .filter(review -> map.splitOf(review.customer()) == 2)
                .count();

        assertThat(test).isCloseTo(300, within(30L));
    }

    @Test
    void bucketsThatAreEmptyNowAreSharedOutInProportion() {
        BucketCounts counts = new BucketCounts(14);
        counts.add(0, "5", 1);
        BucketMap map = BucketSearch.search(counts, fractions(), "salt");
        int[] buckets = new int[3];
        for (int bucket = 0; bucket < counts.buckets(); bucket++) {
            buckets[map.splitOfBucket(bucket)]++;
        }
        assertThat(buckets[0]).isCloseTo(13_107, within(200));
        assertThat(buckets[1]).isCloseTo(1_638, within(150));
    }

    @Test
    void theBalanceIsWhatOneComputesByHand() {
        // Of 1,000: targets 800, 100, 100; deviations 0.0125, −0.2, 0.1. Of 10: all targets are too small to compare.
        SplitBalance balance =
                SplitBalance.of(Map.of("5", new long[] {810, 80, 110}, "1", new long[] {10, 0, 0}), fractions());
        assertThat(balance.rms()).isCloseTo(Math.sqrt((0.0125 * 0.0125 + 0.04 + 0.01) / 3), within(1e-12));
        assertThat(balance.max()).isCloseTo(0.2, within(1e-12));
        assertThat(balance.cells()).isEqualTo(3);
        assertThat(balance.small()).isEqualTo(3);
    }

    @Test
    void fractionsThatAreNoSharesAreRefused() {
        assertThatThrownBy(() -> SplitFractions.of(shares("train", 0.8, "test", 0.1)))
                .hasMessage("fractions must sum to 1, {train=0.8, test=0.1} sum to 0.9");
        assertThatThrownBy(() -> SplitFractions.of(shares("train", 1.0, "test", 0.0)))
                .hasMessage("the fraction of split 'test' must be above 0 and at most 1, it is 0.0");
        assertThatThrownBy(() -> SplitFractions.of(shares("../train", 0.8, "test", 0.2)))
                .hasMessage("split '../train' must be named by small letters, digits and _, a letter first");
        assertThatThrownBy(() -> SplitFractions.of(Map.of()))
                .hasMessage("fractions must name 1 to 60 splits, they name 0");
    }

    @Test
    void aMapThatIsNotWholeIsRefused() {
        ObjectNode json = search(reviews(1, 100, 100), "salt").toJson();
        assertThatThrownBy(() -> BucketMap.fromJson(json.deepCopy().put("hash", "md5")))
                .hasMessage("the bucket map's 'hash' must be murmur3_x64_128[0], it is \"md5\"");
        assertThatThrownBy(() -> BucketMap.fromJson(json.deepCopy().put("bits", 13)))
                .hasMessage("a bucket map of 13 bits has 8192 buckets, its assignment has 4096");
        assertThatThrownBy(() -> BucketMap.fromJson(json.deepCopy().put("bits", 30)))
                .hasMessage("bits must be within 10 and 16, it is 30");
        assertThatThrownBy(() -> BucketMap.fromJson(json.deepCopy().put("assignment", "?")))
                .hasMessageStartingWith("the bucket map's assignment is not base64: ");
        assertThatThrownBy(() -> BucketMap.fromJson(json.deepCopy().without("salt")))
                .hasMessage("the bucket map's 'salt' must be a text, it is missing");
    }

    @Test
    void stratifyingByAnIdIsRefused() {
        BucketCounts counts = new BucketCounts(BITS);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        counts.add(0, "R" + i, 1);
                    }
                })
                .hasMessage("more than 1024 strata: stratify by columns of few values (one of these is 'R1024')");
        assertThatThrownBy(() -> BucketSearch.search(new BucketCounts(BITS), fractions(), "salt"))
                .hasMessage("there are no records to split");
    }

    /** As reviews are: a few customers write much, most rate with five. */
    private static List<Review> reviews(long seed, int rows, int customers) {
        Random random = new Random(seed);
        List<Review> reviews = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double u = random.nextDouble();
            int rating = random.nextInt(100);
            reviews.add(new Review(
                    "customer" + (int) (customers * u * u),
                    rating < 62 ? "5" : rating < 78 ? "4" : rating < 86 ? "3" : rating < 91 ? "2" : "1"));
        }
        return reviews;
    }

    private static BucketMap search(List<Review> reviews, String salt) {
        BucketCounts counts = new BucketCounts(BITS);
        reviews.forEach(review -> counts.add(BucketMap.bucketOf(salt, BITS, review.customer()), review.rating(), 1));
        return BucketSearch.search(counts, fractions(), salt);
    }

    private static Map<String, long[]> counts(List<Review> reviews, BucketMap map) {
        Map<String, long[]> counts = new TreeMap<>();
        reviews.forEach(review ->
                counts.computeIfAbsent(review.rating(), rating -> new long[3])[map.splitOf(review.customer())]++);
        return counts;
    }

    private static SplitFractions fractions() {
        Map<String, Double> fractions = new LinkedHashMap<>(shares("train", 0.8, "validation", 0.1));
        fractions.put("test", 0.1);
        return SplitFractions.of(fractions);
    }

    private static Map<String, Double> shares(String a, double x, String b, double y) {
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put(a, x);
        shares.put(b, y);
        return shares;
    }
}
