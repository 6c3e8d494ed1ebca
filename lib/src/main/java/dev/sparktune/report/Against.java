package dev.sparktune.report;

import java.util.Optional;

/**
 * An earlier evaluation beside the one that the report is of.
 *
 * @param evaluation its name
 * @param figure over the examples that both scored
 * @param difference the report's model less this one, where that says anything
 */
public record Against(String evaluation, Figure figure, Optional<Difference> difference) {}
