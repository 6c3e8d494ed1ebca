package dev.sparktune.jobs.evaluate;

import dev.sparktune.generate.GenerateOptions;
import java.io.Serializable;

/**
 * How the examples of a task are put to the model; travels to the executors.
 *
 * @param byChoice whether answers are chosen, not written
 * @param shots examples shown before each
 * @param pool what they are drawn from
 * @param written how answers are written
 * @param normalizeChoices whether choices are rated per byte of their text
 */
record Asking(
        String task, boolean byChoice, int shots, ShotPool pool, GenerateOptions written, boolean normalizeChoices)
        implements Serializable {}
