package dev.sparktune.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhrasingsTest {
    private static final int RECORDS = 6_000;
    private static final List<String> THREE = List.of("t1", "t2", "t3");

    @Test
    void everyOrderIsDrawnEquallyOften() {
        Map<List<String>, Long> orders = IntStream.range(0, RECORDS)
                .mapToObj(record -> Phrasings.drawn("salt", "R" + record, THREE))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(orders).hasSize(6); // 3! orders of 1,000 ± 29
        assertThat(orders.values()).allMatch(count -> count > 880 && count < 1_120);
    }

    @Test
    void aPhrasingThatIsAddedChangesOnlyTheRecordsThatDrawIt() {
        List<String> four = List.of("t1", "t2", "t3", "t4");
        int changed = 0;
        for (int record = 0; record < RECORDS; record++) {
            String before = Phrasings.drawn("salt", "R" + record, THREE).get(0);
            String after = Phrasings.drawn("salt", "R" + record, four).get(0);
            assertThat(after).isIn(before, "t4");
            changed += after.equals(before) ? 0 : 1;
        }
        assertThat(changed).isBetween(1_350, 1_650); // a quarter
    }

    @Test
    void theDrawDependsOnSaltAndRecordAndNotOnTheOrderOfTheTemplates() {
        assertThat(Phrasings.drawn("salt", "R7", THREE))
                .isEqualTo(Phrasings.drawn("salt", "R7", List.of("t3", "t1", "t2")));
        assertThat(IntStream.range(0, 100)
                        .filter(r -> !Phrasings.drawn("a", "R" + r, THREE).equals(Phrasings.drawn("b", "R" + r, THREE)))
                        .count())
                .isGreaterThan(60);
    }
}
