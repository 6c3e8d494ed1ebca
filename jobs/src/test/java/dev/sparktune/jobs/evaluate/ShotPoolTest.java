package dev.sparktune.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.example.Example;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShotPoolTest {
    /** 20 examples of 5 customers. */
    private final List<Example> train =
            IntStream.range(0, 20).mapToObj(i -> example("t" + i, "g" + i % 5)).toList();

    private final ShotPool pool = new ShotPool("rate", train, 42);

    @Test
    void shotsNeverShareTheGroupAndAreDrawnOnce() {
        for (int i = 0; i < 50; i++) {
            List<Example> shots = pool.draw(example("e" + i, "g" + i % 5), 10);
            String group = "g" + i % 5;
            assertThat(shots).hasSize(10).doesNotHaveDuplicates();
            assertThat(shots).noneMatch(shot -> shot.groupId().equals(group));
        }
    }

    @Test
    void anExampleIsNeverItsOwnShotEvenWithoutGroups() {
        List<Example> ungrouped = List.of(example("a", null), example("b", null));

        assertThat(new ShotPool("rate", ungrouped, 1).draw(example("a", null), 1))
                .extracting(Example::id)
                .containsExactly("b");
    }

    @Test
    void drawsDependOnSeedAndExampleAndMoreShotsBeginWithTheSame() {
        Example example = example("e", "g0");

        assertThat(pool.draw(example, 5)).isEqualTo(pool.draw(example, 5));
        assertThat(pool.draw(example, 5).subList(0, 2)).isEqualTo(pool.draw(example, 2));
        assertThat(pool.draw(example, 5)).isNotEqualTo(new ShotPool("rate", train, 43).draw(example, 5));
        assertThat(pool.draw(example, 5)).isNotEqualTo(pool.draw(example("f", "g0"), 5));
    }

    @Test
    void tooFewExamplesAreAnError() {
        pool.requireEnough(example("e", "g0"), 16);
        assertThatThrownBy(() -> pool.requireEnough(example("e", "g0"), 17))
                .hasMessage("evaluate.shots: 17 shots wanted for task 'rate', but its train split has 16 examples of"
                        + " other groups than that of e");
    }

    @Test
    void shotsEndWithAnEmptyLineEach() {
        assertThat(ShotPool.text(List.of(example("a", "g"), example("b", "g"))))
                .isEqualTo("prompt a 5\n\nprompt b 5\n\n");
    }

    private static Example example(String id, String group) {
        return new Example(id, group, null, null, "rate", null, null, "prompt " + id, " 5", List.of("1", "5"), "5");
    }
}
