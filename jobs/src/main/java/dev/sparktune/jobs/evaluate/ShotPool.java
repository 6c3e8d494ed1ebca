package dev.sparktune.jobs.evaluate;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.JobFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Examples of the training split that may be shown before a prompt. */
final class ShotPool implements Serializable {
    /** For questions without shots. */
    static final ShotPool NONE = new ShotPool("", List.of(), 0);

    /** Enough that examples see different shots, few enough to hold and to look through. */
    static final int SIZE = 1_000;

    private static final long serialVersionUID = 1;

    private final String task;
    private final List<Example> examples;
    private final long seed;

    ShotPool(String task, List<Example> examples, long seed) {
        this.task = task;
        this.examples = examples;
        this.seed = seed;
    }

    /**
     * Shots for one example, of which there must be {@link #requireEnough enough}: drawn without replacement by its own generator, none of its group. The first shots stay the
     * same when more are asked for.
     */
    List<Example> draw(Example of, int shots) {
        if (shots == 0) {
            return List.of();
        }
        List<Example> others = examples.stream()
                .filter(candidate -> ofAnother(candidate, of))
                .collect(Collectors.toCollection(ArrayList::new));
        // java.util.Random's sequence and String's hash are written down in their specifications.
        Random random = new Random(seed ^ ((long) of.id().hashCode() << 32));
        List<Example> drawn = new ArrayList<>();
        for (int s = 0; s < shots; s++) {
            drawn.add(others.remove(random.nextInt(others.size())));
        }
        return drawn;
    }

    /** @throws JobFailure where fewer than {@code shots} could be drawn for an example */
    void requireEnough(Example of, int shots) {
        long others = shots == 0
                ? 0
                : examples.stream()
                        .filter(candidate -> ofAnother(candidate, of))
                        .count();
        if (others < shots) {
            throw new JobFailure("evaluate.shots: " + shots + " shots wanted for task '" + task
                    + "', but its train split has " + others + " examples of other groups than that of " + of.id());
        }
    }

    private static boolean ofAnother(Example candidate, Example of) {
        return !candidate.id().equals(of.id())
                && (candidate.groupId() == null || !candidate.groupId().equals(of.groupId()));
    }

    /** Shots as they stand before a prompt: prompt, completion and an empty line each. */
    static String text(List<Example> shots) {
        StringBuilder text = new StringBuilder();
        for (Example shot : shots) {
            text.append(shot.prompt()).append(shot.completion()).append("\n\n");
        }
        return text.toString();
    }
}
