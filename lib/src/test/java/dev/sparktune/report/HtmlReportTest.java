package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
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
                .contains("On rate, zero-shot, instruct reaches 93.5 % accuracy")
                .contains("where base reaches 13.5 % accuracy")
                .contains("Always giving the commonest answer would be right on 56.0 %.")
                .contains("name_entity: 39.5 % exact match, 98.0 % with base: forgotten (−58.5 points).");
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
        assertThat(plots.get("training").findValuesAsText("title"))
                .containsExactly("Loss", "Accuracy in validation", "Learning rate", "Gradient norm before clipping");
        assertThat(plots.at("/tasks/0/counts")).hasSize(5);
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
                all.baseline(),
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
                .contains("On rate, zero-shot, base reaches 93.5 % accuracy")
                .doesNotContain("difference</th>")
                .doesNotContain("what was forgotten");
    }
}
