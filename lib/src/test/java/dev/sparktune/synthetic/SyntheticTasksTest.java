package dev.sparktune.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.synthetic.SyntheticArithmetic.Sum;
import dev.sparktune.synthetic.SyntheticMoods.Mood;
import dev.sparktune.synthetic.SyntheticQuestions.Question;
import dev.sparktune.synthetic.SyntheticWords.WordList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The general tasks' tables. */
class SyntheticTasksTest {
    private static final int ROWS = 2_000;

    @Test
    void sumsAreRight() {
        List<Sum> sums = LongStream.range(0, ROWS)
                .mapToObj(new SyntheticArithmetic(42)::row)
                .toList();

        assertThat(sums).extracting(Sum::operator).contains("plus", "minus", "times");
        assertThat(sums).allSatisfy(sum -> {
            int right =
                    switch (sum.operator()) {
                        case "plus" -> sum.first() + sum.second();
                        case "minus" -> sum.first() - sum.second();
                        default -> sum.first() * sum.second();
                    };
            assertThat(sum.result()).isEqualTo(right).isNotNegative();
        });
    }

    @Test
    void thePositionLiesInTheList() {
        List<WordList> lists =
                LongStream.range(0, ROWS).mapToObj(new SyntheticWords(42)::row).toList();

        assertThat(lists).allSatisfy(list -> {
            String[] words = list.words().split(" ");
            assertThat(words).hasSizeBetween(3, 8);
            assertThat(list.position()).isBetween(1, words.length);
        });
    }

    @Test
    void theAnswerIsYesWhereTheSentenceSaysSo() {
        List<Question> questions = LongStream.range(0, ROWS)
                .mapToObj(new SyntheticQuestions(42)::row)
                .toList();

        assertThat(questions)
                .filteredOn(question -> question.answer().equals("yes"))
                .hasSizeBetween(900, 1_100);
        assertThat(questions).allSatisfy(question -> {
            String kind = question.question().replaceFirst("Is \\w+ an? (\\w+)\\?", "$1");
            if (question.answer().equals("yes")) {
                assertThat(question.sentence()).containsIgnoringCase(kind);
            }
        });
    }

    @Test
    void moodsAreBothEquallyFrequent() {
        List<Mood> moods =
                LongStream.range(0, ROWS).mapToObj(new SyntheticMoods(42)::row).toList();

        assertThat(moods).filteredOn(mood -> mood.mood().equals("positive")).hasSizeBetween(900, 1_100);
        assertThat(moods)
                .filteredOn(mood -> mood.sentence().contains("waste of money")
                        || mood.sentence().contains("terrible"))
                .isNotEmpty()
                .allMatch(mood -> mood.mood().equals("negative"));
    }

    @Test
    void aRowDependsOnSeedAndIndexAlone() {
        assertThat(new SyntheticArithmetic(1).row(7)).isEqualTo(new SyntheticArithmetic(1).row(7));
        assertThat(new SyntheticWords(1).row(7)).isNotEqualTo(new SyntheticWords(2).row(7));
        assertThatThrownBy(() -> new SyntheticMoods(1).row(-1)).hasMessage("row must be at least 0, but is -1");
    }
}
