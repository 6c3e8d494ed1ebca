package dev.sparktune.report;

import dev.sparktune.eval.ConfusionMatrix;
import java.util.Optional;

/** Labels against answers; classes in the order of {@link TaskReport#choices()}. */
public record Answers(ConfusionMatrix model, Optional<ConfusionMatrix> baseline) {}
