package dev.sparktune.similar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearTextsTest {
    @Test
    void aTextIsTheSetOfItsFiveGrams() {
        assertThat(Shingles.of("abcdef")).hasSize(2).isSorted();
        assertThat(Shingles.of("aaaaaaaaa")).hasSize(1);
        assertThat(Shingles.of("abc")).hasSize(1);
        assertThat(Shingles.of("")).isEmpty();
        assertThat(Shingles.of(" \n\u00a0")).isEmpty();
        assertThat(Shingles.of("  A\u00a0tidy\n\ndryer ")).isEqualTo(Shingles.of("a tidy dryer"));
    }

    @Test
    void jaccardIsThatOfTheSets() {
        assertThat(Shingles.jaccard(new int[] {1, 2, 3}, new int[] {2, 3, 4})).isEqualTo(0.5);
        assertThat(Shingles.jaccard(new int[] {1, 2}, new int[] {1, 2})).isEqualTo(1);
        assertThat(Shingles.jaccard(new int[] {1}, new int[] {2})).isZero();
        assertThat(Shingles.jaccard(new int[0], new int[0])).isZero();
        // abcde bcdef cdefg | abcde bcdef cdefh: 2 of 4
        assertThat(Shingles.jaccard(Shingles.of("abcdefg"), Shingles.of("abcdefh")))
                .isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.7, 0.8, 0.9, 1})
    void pairsAtTheBoundAreFound(double bound) {
        MinHash minHash = new MinHash(bound);
        Random random = new Random(7);
        int pairs = 0;
        int found = 0;
        while (pairs < 300) {
            String text = words(random, 40);
            String other = changed(random, text, 1 - bound);
            double similarity = Shingles.jaccard(Shingles.of(text), Shingles.of(other));
            if (similarity >= bound) {
                pairs++;
                found += share(minHash, text, other) ? 1 : 0;
            }
        }
        assertThat((double) found / pairs).isGreaterThan(0.97);
    }

    @Test
    void unlikeTextsHardlyEverMeet() {
        MinHash minHash = new MinHash(0.8);
        Random random = new Random(3);
        long met = IntStream.range(0, 2_000)
                .filter(i -> share(minHash, words(random, 40), words(random, 40)))
                .count();
        assertThat(met).isLessThan(5);
    }

    @Test
    void aTextWithoutSignsMeetsNone() {
        assertThat(new MinHash(0.8).bands(" \t")).isEmpty();
    }

    @Test
    void recallIsThatOfTheFormula() {
        assertThat(MinHash.found(0.8, 6, 21)).isCloseTo(1 - Math.pow(1 - 0.262144, 21), within(1e-12));
        assertThatThrownBy(() -> new MinHash(0.4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the bound must be from 0.5 to 1, it is 0.4");
    }

    private static boolean share(MinHash minHash, String a, String b) {
        Set<Long> bands = Arrays.stream(minHash.bands(a)).boxed().collect(Collectors.toCollection(HashSet::new));
        return Arrays.stream(minHash.bands(b)).anyMatch(bands::contains);
    }

    private static String words(Random random, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> Integer.toString(random.nextInt(30_000), 36))
                .collect(Collectors.joining(" "));
    }

    /** Some of its last words replaced, up to about that share. */
    private static String changed(Random random, String text, double share) {
        int keep = text.length() - (int) (random.nextDouble() * share * text.length() * 0.6);
        return text.substring(0, keep) + words(random, 40).substring(0, text.length() - keep);
    }
}
