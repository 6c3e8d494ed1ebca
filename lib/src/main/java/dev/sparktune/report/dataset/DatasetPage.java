package dev.sparktune.report.dataset;

import dev.sparktune.report.HtmlPage;
import dev.sparktune.report.dataset.DatasetReport.Stratum;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page that shows what a table was made into. */
public final class DatasetPage {
    /** Those of most rows; of more nobody reads. */
    private static final int MOST_DRAWN = 24;

    private static final int MOST_LISTED = 200;

    private DatasetPage() {}

    /** One self-contained HTML file. */
    public static String render(DatasetReport data) {
        Map<String, Object> values = new HashMap<>();
        values.put("data", data);
        values.put("findings", Findings.of(data));
        values.put("drawn", largest(data.strata(), MOST_DRAWN).size());
        values.put("strata", largest(data.strata(), MOST_LISTED));
        return HtmlPage.render("dataset", values, Plots.of(data, largest(data.strata(), MOST_DRAWN)));
    }

    /** In the order in which they are given. */
    private static List<Stratum> largest(List<Stratum> strata, int most) {
        if (strata.size() <= most) {
            return strata;
        }
        List<Stratum> largest = strata.stream()
                .sorted(Comparator.comparingLong(Stratum::all).reversed())
                .limit(most)
                .toList();
        return strata.stream().filter(largest::contains).toList();
    }
}
