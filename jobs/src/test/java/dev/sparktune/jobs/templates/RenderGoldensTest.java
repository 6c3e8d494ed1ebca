package dev.sparktune.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.testing.Shared;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code templates render} over rows for PromptSource's templates, against what Python's jinja2 made of them. */
class RenderGoldensTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void writesWhatPythonRenders() throws IOException {
        Path root = Shared.require("promptsource");
        int identical = 0;
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, List<JsonNode>> library : goldens(root).entrySet()) {
            List<JsonNode> goldens = library.getValue();
            Path rows = Files.write(
                    directory.resolve("rows.jsonl"),
                    goldens.stream().map(golden -> golden.get("row").toString()).toList());
            for (JsonNode line : rendered(root, library.getKey(), rows)) {
                JsonNode golden = goldens.get(line.get("row").asInt());
                if (!golden.get("id").equals(line.get("id"))) {
                    continue; // a row that was made for another template
                } else if (line.get("error").isNull()
                        && line.get("template").equals(golden.get("name"))
                        && line.get("parts").equals(golden.get("parts"))
                        && line.get("answer_choices").equals(golden.get("answer_choices"))) {
                    identical++;
                } else {
                    wrong.add(golden + "\n    became " + line);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(identical).isEqualTo(4146);
    }

    private static Map<String, List<JsonNode>> goldens(Path root) throws IOException {
        Map<String, List<JsonNode>> byLibrary = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(root.resolve("goldens.jsonl.gz"))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode golden = JSON.readTree(line);
                byLibrary
                        .computeIfAbsent(golden.get("library").asText(), name -> new ArrayList<>())
                        .add(golden);
            }
        }
        return byLibrary;
    }

    private static List<JsonNode> rendered(Path root, String library, Path rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] args = {
            "render", "--library", root.resolve("templates").toString(), "--dataset", library, "--rows", rows.toString()
        };
        int exitCode = TemplatesCommand.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        assertThat(exitCode).as(library).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
