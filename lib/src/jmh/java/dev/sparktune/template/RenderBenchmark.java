package dev.sparktune.template;

import dev.sparktune.template.PromptTemplate.Definition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Renders of a review of 400 characters, a second and thread: prompt, target and answer choices, parts split and stripped. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RenderBenchmark {
    private static final String SENTENCE =
            "The dryer broke after two days, and \"support\" never answered; très joli! ";

    private final Map<String, Object> row = row();

    private final PromptTemplate rating = template(
            "Choose how many stars (1 is worst, 5 is best)\n- {{ answer_choices | join('\\n- ') }}\n"
                    + "fit this review:\n{{review_body}}\n|||\n{{answer_choices[star_rating-1]}}",
            "1 ||| 2 ||| 3 ||| 4 ||| 5");
    private final PromptTemplate review =
            template("Write a review of {{product_title}} that gives {{star_rating}} stars. ||| {{review_body}}", null);
    private final PromptTemplate headline =
            template("Sum this review up in a few words:\n{{review_body}}\n|||\n{{review_headline}}", null);
    private final PromptTemplate loops = template(
            "{% set words = review_body.split(' ') %}{% for word in words[:10] %}{{ loop.index }}: {{ word | upper }}"
                    + "{% if not loop.last %}, {% endif %}{% endfor %} ||| {% if star_rating > 3 %}good{% else %}bad{% endif %}",
            null);

    private static Map<String, Object> row() {
        Map<String, Object> row = new HashMap<>();
        row.put("review_body", SENTENCE.repeat(6).substring(0, 400));
        row.put("review_headline", "Broke after two days");
        row.put("product_title", "A dryer with a long name, 2000 W");
        row.put("star_rating", 2);
        row.put("review_id", "R1");
        row.put("verified_purchase", true);
        return row;
    }

    private static PromptTemplate template(String jinja, String answerChoices) {
        return PromptTemplate.compile(
                "bench", new Definition("id", "name", "task", jinja, answerChoices, List.of(), List.of(), null, true));
    }

    /** Predicts the stars, with answer choices. */
    @Benchmark
    public Rendering rating() {
        return rating.render(row, 1);
    }

    /** Writes the review from product and stars. */
    @Benchmark
    public Rendering review() {
        return review.render(row, 1);
    }

    /** The review's headline. */
    @Benchmark
    public Rendering headline() {
        return headline.render(row, 1);
    }

    /** Statements, a loop, methods and filters. */
    @Benchmark
    public Rendering loops() {
        return loops.render(row, 1);
    }
}
