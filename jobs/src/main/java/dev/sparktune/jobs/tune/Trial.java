package dev.sparktune.jobs.tune;

import dev.sparktune.jobs.settings.Settings;
import java.util.Map;

/**
 * One choice of the searched settings.
 *
 * @param number from 1, in the order of the search
 * @param values key to value, such as {@code train.learning_rate} to {@code 3e-4}
 * @param settings with these values
 */
public record Trial(int number, Map<String, Object> values, Settings settings) {
    /** {@code learning_rate=3e-4, weight_decay=0.1}. */
    String text() {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(key.substring(key.lastIndexOf('.') + 1))
                .append('=')
                .append(value));
        return text.toString();
    }
}
