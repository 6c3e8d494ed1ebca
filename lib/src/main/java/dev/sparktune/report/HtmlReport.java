package dev.sparktune.report;

import java.util.Map;

/** The page that shows what an evaluation found. */
public final class HtmlReport {
    private HtmlReport() {}

    /** One self-contained HTML file. */
    public static String render(ReportData data) {
        return HtmlPage.render(
                "report",
                Map.of("data", data, "headline", Headline.of(data), "contrast", Contrast.of(data)),
                Plots.of(data));
    }
}
