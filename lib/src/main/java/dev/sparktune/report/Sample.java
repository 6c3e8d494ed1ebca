package dev.sparktune.report;

import java.util.Map;

/**
 * One example with what was answered; all text is data and shown as it is.
 *
 * @param earlier answers of earlier evaluations, by their names
 */
public record Sample(String prompt, String label, String answer, Map<String, String> earlier) {}
