package dev.sparktune.report;

/**
 * The leading measure of a task from one evaluation to another.
 *
 * @param difference {@code model} less {@code against}
 */
public record Change(String model, String against, Difference difference) {}
