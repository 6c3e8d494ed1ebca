package dev.sparktune.jobs.templates;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import dev.sparktune.template.TemplateLint.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The first rows of a CSV file with a header, by the parser that Spark has. Quoted fields may hold line ends; a TSV file has no
 * quotes. A column whose values here are all numbers holds numbers, as with Spark's {@code inferSchema}.
 */
final class CsvHead {
    private static final int LONGEST_FIELD = 1 << 24;
    private static final int MOST_COLUMNS = 20_480;

    private CsvHead() {}

    static Sample read(InputStream in, char separator, int rows) throws IOException {
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(separator);
        settings.getFormat().setQuote(separator == '\t' ? '\0' : '"');
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setMaxCharsPerColumn(LONGEST_FIELD);
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        settings.setEmptyValue("");
        settings.setNumberOfRecordsToRead(rows + 1L);
        List<String[]> lines = new CsvParser(settings).parseAll(in, StandardCharsets.UTF_8);
        if (lines.isEmpty()) {
            throw new IOException("empty, but a header is wanted");
        }
        String[] header = names(lines.get(0));
        List<Map<String, Object>> head = new ArrayList<>();
        for (int row = 1; row < lines.size(); row++) {
            head.add(new LinkedHashMap<>());
        }
        for (int column = 0; column < header.length; column++) {
            List<String> texts = new ArrayList<>();
            for (String[] line : lines.subList(1, lines.size())) {
                texts.add(column < line.length ? line[column] : null);
            }
            Function<String, Object> type = type(texts);
            for (int row = 0; row < texts.size(); row++) {
                head.get(row).put(header[column], texts.get(row) == null ? null : type.apply(texts.get(row)));
            }
        }
        return new Sample(new LinkedHashSet<>(Arrays.asList(header)), head);
    }

    /** A column without a name gets the one that Spark would give it. */
    private static String[] names(String[] header) {
        String[] names = header.clone();
        for (int column = 0; column < names.length; column++) {
            names[column] = names[column] == null ? "_c" + column : names[column];
        }
        return names;
    }

    private static Function<String, Object> type(List<String> texts) {
        List<String> given = texts.stream().filter(Objects::nonNull).toList();
        if (given.isEmpty()) {
            return text -> text;
        } else if (given.stream().allMatch(text -> text.matches("[+-]?\\d{1,18}"))) {
            return Long::valueOf;
        } else if (given.stream().allMatch(text -> text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?"))) {
            return Double::valueOf;
        }
        return text -> text;
    }
}
