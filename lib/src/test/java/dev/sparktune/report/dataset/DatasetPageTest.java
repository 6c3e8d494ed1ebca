package dev.sparktune.report.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DatasetPageTest {
    private final String page = DatasetPage.render(ExampleDataset.whole());
    private final String text = text(page);

    @Test
    void saysFirstWhatBecameOfTheRowsAndWhatOneShouldKnow() {
        assertThat(text)
                .contains("Of 1,060 rows 1,000 are kept, 20 in quarantine and 40 in reserve;"
                        + " they make 1,990 examples of 2 tasks.")
                .contains("Strata miss their shares by 1.23 % (root mean square of 3), 3.21 % at most.")
                .contains("1 of 1 pairs of splits share something: see below.")
                .contains("Pairs of nearly the same texts in two splits, found before rows left: 15.")
                .contains("40 of 1,990 examples have more than 20 tokens (train.max_length).")
                .contains("Files that could not be read and were left out: 1.");
    }

    @Test
    void tablesHoldTheFigures() {
        assertThat(text)
                .containsPattern("train 80 % 800 0 1,590 2 1.2 test 20 % 200 40 400 1 0.3")
                .contains("stratum train test all 1 &lt;b&gt;star&lt;/b&gt; 149 −6.4 % 38 +25.6 % 187")
                .contains("kept 1,000 in quarantine 20 in reserve, beyond a split’s exact size 40 in 1,060"
                        + " left out by the table of ids, not counted above 7")
                .contains("reason rows near-duplicate in test 15 review_body is empty &lt;i&gt; 5")
                .contains("step rows changed html 12 nfc 345")
                .contains("file:/in/part-7.parquet empty (0 bytes)")
                .contains("Examples in train task examples rate 800 summarise 790")
                .contains("rate rate 600 0 stars 400 0 summarise summarise 990 10 10 the target is empty")
                .contains(
                        "median ≤ 90 % ≤ 99 % ≤ longest over 20 rate 1,000 17.2 16 20 24 24 40 summarise 990 15.0 16 20 24 16 0")
                .contains("median ≤ 90 % ≤ 99 % ≤ longest rate 1,000 104.5 16 20 24 600")
                .contains("splits ids groups examples near texts train and test 0 0 3 15")
                .contains("split.fractions {&quot;train&quot;:0.8,&quot;test&quot;:0.2}");
    }

    @Test
    void barsAreAsLongAsTheirCounts() {
        assertThat(page).contains("style=\"width:100%\"").containsPattern("style=\"width:3\\.478\\d*%\"");
    }

    @Test
    void textOfAReviewStaysText() {
        String escaped =
                "Great &lt;b&gt;dryer&lt;/b&gt; &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} ${1+1} 👍";
        assertThat(page)
                .contains("<pre>" + escaped + "</pre>")
                .contains("<h1>reviews " + escaped + "</h1>")
                .contains("<dd>1 · &lt;u&gt;5&lt;/u&gt;</dd>")
                .contains("\"stratum\":\"1 \\u003cb>star\\u003c/b>\"")
                .doesNotContain("<script>alert(1)")
                .doesNotContain("<u>5");
    }

    @Test
    void aLongPromptIsCutAndSaysSo() {
        assertThat(page).contains("x … (1000 more characters)</pre>").doesNotContain("x".repeat(3_001));
    }

    @Test
    void whereTextsArePrivateNoneIsShown() {
        assertThat(DatasetPage.render(ExampleDataset.bare()))
                .contains("No text is shown: privacy.examples is false.")
                .doesNotContain("<article>");
        assertThat(page).contains("<article>");
    }

    @Test
    void whatThereIsNotIsSaidNotLeftOut() {
        assertThat(text(DatasetPage.render(ExampleDataset.bare())))
                .contains("No stratum is large enough to compare its shares with their targets.")
                .contains("No row was set aside.")
                .contains("No row was changed.")
                .contains("There is one split only.")
                .doesNotContain("max_length");
        assertThat(text).contains("None found of: summarise.");
    }

    @Test
    void thePlotsFindTheirData() throws Exception {
        Matcher block = Pattern.compile("(?s)id=\"plots\">(.*?)</script>").matcher(page);
        assertThat(block.find()).isTrue();
        JsonNode plots = new ObjectMapper().readTree(block.group(1));

        assertThat(plots.get("splits")).extracting(JsonNode::asText).containsExactly("train", "test");
        assertThat(plots.at("/strata/0/rows/1").asInt()).isEqualTo(38);
        assertThat(plots.at("/strata/0/miss/0").asDouble()).isEqualTo(-10.2 / 159.2, within(1e-12));
        assertThat(plots.at("/strata/0/miss/1").asDouble())
                .as("50 dealt where 39.8 are wanted")
                .isEqualTo(10.2 / 39.8, within(1e-12));
        assertThat(plots.at("/lengths/0/unit").asText()).isEqualTo("characters");
        assertThat(plots.at("/lengths/0/ends")).extracting(JsonNode::asInt).containsExactly(64, 80, 96);
        assertThat(plots.at("/lengths/0/tasks/0/shares"))
                .extracting(JsonNode::asDouble)
                .containsExactly(0.3, 0.0, 0.7);
        assertThat(plots.at("/lengths/1/maxLength").asInt()).isEqualTo(20);
    }

    @Test
    void ofManyStrataTheLargestAreDrawnAndListed() {
        DatasetReport all = ExampleDataset.whole();
        List<DatasetReport.Stratum> strata = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            strata.add(new DatasetReport.Stratum("s" + i, List.of((long) i, 1L), List.of((long) i, 1L)));
        }
        String many = DatasetPage.render(new DatasetReport(
                all.source(),
                all.rows(),
                all.splits(),
                strata,
                all.balance(),
                all.tasks(),
                all.characters(),
                all.tokens(),
                all.leaks(),
                all.samples(),
                all.configuration(),
                all.environment()));

        assertThat(text(many))
                .contains("Drawn are the 24 largest of 300 strata.")
                .contains("Listed are the 200 largest of 300 strata; manifest.json has all.")
                .contains(" s100 100 ")
                .doesNotContain(" s99 99 ");
        assertThat(many).contains("\"stratum\":\"s276\"").doesNotContain("\"stratum\":\"s275\"");
    }

    @Test
    void loadsNothingFromAnywhere() {
        assertThat(page.replaceAll("(?s)<script>.*?</script>", ""))
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContain("url(")
                .contains("default-src 'none'");
    }

    private static String text(String page) {
        return page.replaceAll("(?s)<(script|style).*?</\\1>", "")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }
}
