package dev.sparktune.report;

import dev.sparktune.eval.ConfusionMatrix;
import java.util.Map;

/**
 * Labels against answers; classes in the order of {@link TaskReport#choices()}.
 *
 * @param earlier by the name of the evaluation
 */
public record Answers(ConfusionMatrix model, Map<String, ConfusionMatrix> earlier) {}
