package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private final String page = HtmlReport.render(ExampleReport.compared());
    private final String ownPart = page.replaceAll("(?s)<script>.*?</script>", "");

    @Test
    void saysInOneSentenceWhatWasFound() {
        assertThat(page)
                .contains("On rate, zero-shot, instruct reaches 93.0 % accuracy")
                .contains("where base reaches 11.5 % accuracy")
                .contains("Always giving the commonest answer would be right on 58.0 %.")
                .contains("name_entity: 36.0 % exact match, 100.0 % with base: 64.0 points forgotten.")
                .contains("<h2>What was gained, what was forgotten</h2>")
                .doesNotContain("<th>difference</th>");
    }

    @Test
    void sideBySideItShowsWhatEachForgotAndWhatIsKept() {
        String all = HtmlReport.render(ExampleReport.sideBySide()).replaceAll("<[^>]*>", " ");

        assertThat(all)
                .contains("What instruct forgot, and how much of it mixture keeps")
                .contains("name_entity: 97.0 % exact match, 100.0 % with base: 3.0 points forgotten;"
                        + " 36.0 % with instruct: 61.0 points more.")
                .contains("rate: 92.8 % accuracy, 93.0 % with instruct: no clear change (−0.3 points).")
                .containsPattern("instruct\\s+against\\s+base\\s+▲ gained\\s+\\+81.5 points\\s+\\+77.7 to \\+85.3"
                        + "\\s+▼ forgotten\\s+−64.0 points\\s+−70.0 to −57.5")
                .containsPattern("mixture\\s+against\\s+instruct\\s+no clear change\\s+−0.3 points\\s+\\S+ to \\S+"
                        + "\\s+▲ better\\s+\\+61.0 points\\s+\\+54.0 to \\+66.5")
                .containsPattern("measure\\s+base\\s+instruct\\s+mixture\\s+against base\\s+against instruct\\s");
    }

    @Test
    void whereNothingIsForgottenTheTitleDoesNotClaimIt() {
        ReportData data = ExampleReport.sideBySide();
        ReportData ratingsOnly = new ReportData(
                data.model(), data.earlier(), data.tasks().subList(0, 1), Optional.empty(), Map.of(), Map.of());

        Contrast contrast = Contrast.of(ratingsOnly);

        assertThat(contrast.title()).isEqualTo("What was gained, what was forgotten");
        assertThat(contrast.rows())
                .extracting(row -> row.model() + " against " + row.against())
                .containsExactly("instruct against base", "mixture against base", "mixture against instruct");
    }

    @Test
    void whatWasSetAsideIsCountedByReason() {
        assertThat(page)
                .contains("200 examples of the test split, answered by greedy generation;"
                        + " set aside: 1 (no label), 3 (the prompt has no tokens).");
    }

    @Test
    void textOfAReviewStaysText() {
        assertThat(page)
                .contains(
                        "Great &lt;b&gt;dryer&lt;/b&gt; &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} ${1+1} 👍")
                .doesNotContain("<script>alert(1)");
    }

    @Test
    void loadsNothingFromAnywhere() {
        assertThat(ownPart)
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContain("url(")
                .contains("default-src 'none'");
    }

    @Test
    void allowsItsOwnTwoScriptsByHashOnly() {
        Matcher policy = Pattern.compile("script-src ('sha256-[^']+') ('sha256-[^']+')\"")
                .matcher(page);
        assertThat(policy.find()).isTrue();
        assertThat(Pattern.compile("<script>").matcher(page).results().count()).isEqualTo(2);
    }

    @Test
    void thePlotsFindTheirData() throws Exception {
        Matcher block = Pattern.compile("(?s)id=\"plots\">(.*?)</script>").matcher(page);
        assertThat(block.find()).isTrue();
        JsonNode plots = new ObjectMapper().readTree(block.group(1));

        assertThat(plots.get("bars")).hasSize(4);
        assertThat(plots.get("earlier")).hasSize(1);
        assertThat(plots.at("/bars/2/earlier/0/value").doubleValue()).isEqualTo(1);
        assertThat(plots.get("training").findValuesAsText("title"))
                .containsExactly("Loss", "Accuracy in validation", "Learning rate", "Gradient norm before clipping");
        assertThat(plots.at("/tasks/0/counts")).hasSize(5);
        assertThat(plots.at("/tasks/0/earlier/0")).hasSize(5);
        assertThat(plots.at("/tasks/0/shots")).hasSize(3);
        assertThat(plots.at("/tasks/1/counts").isNull()).isTrue();
    }

    @Test
    void aLongTrainingIsThinnedAndKeepsItsLastStep() {
        List<String> log = IntStream.rangeClosed(1, 10_001)
                .mapToObj(step -> "{\"step\":" + step + ",\"loss\":1.5}")
                .toList();
        ReportData all = ExampleReport.compared();
        ReportData data = new ReportData(
                all.model(),
                all.earlier(),
                all.tasks(),
                Optional.of(TrainingLog.parse(log)),
                all.configuration(),
                all.environment());

        List<TrainingLog.Point> points =
                Plots.of(data).training().get(0).lines().get(0).points();
        assertThat(points).hasSizeLessThan(2_002);
        assertThat(points.get(points.size() - 1).step()).isEqualTo(10_001);
    }

    @Test
    void withoutABaselineThereIsNothingToCompare() {
        assertThat(HtmlReport.render(ExampleReport.alone()))
                .contains("On rate, zero-shot, base reaches 11.5 % accuracy")
                .doesNotContain("difference</th>")
                .doesNotContain("what was forgotten");
    }
}
