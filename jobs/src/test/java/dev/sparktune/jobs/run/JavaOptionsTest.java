package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-Dsize=4g|4g",
                "-ea -Dsize=4g -Dother=1|4g",
                "-Dsize=4g -Dsize=5g|5g",
                "-Dsize -ea|``",
                "-Dsize=|``",
                "\"-Dsize=4g\" -ea|4g",
                "-Dsize='4g'|``"
            })
    void aPropertyHasItsLastValue(String line, String value) {
        assertThat(new JavaOptions(line).property("size")).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "-ea", "-Dsizes=1", "-Dmy.size=1", "-XX:size=1", "a-Dsize=1"})
    void aPropertyThatIsNotThereIsNotFoundInAnother(String line) {
        assertThat(new JavaOptions(line).property("size")).isEmpty();
    }

    @Test
    void aDefaultComesBeforeWhatIsThere() {
        assertThat(new JavaOptions("").withDefault("a", "1").line()).isEqualTo("-Da=1");
        assertThat(new JavaOptions("-ea \"-Db=x y\"").withDefault("a", "1").line())
                .isEqualTo("-Da=1 -ea \"-Db=x y\"");
    }
}
