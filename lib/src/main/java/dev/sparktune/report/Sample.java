package dev.sparktune.report;

import java.util.Optional;

/** One example with what was answered; all text is data and shown as it is. */
public record Sample(String prompt, String label, String answer, Optional<String> baselineAnswer) {
    public boolean right() {
        return answer.equals(label);
    }

    public boolean baselineRight() {
        return baselineAnswer.filter(label::equals).isPresent();
    }
}
