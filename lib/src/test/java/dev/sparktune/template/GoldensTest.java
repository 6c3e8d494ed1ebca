package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.template.jinja.TemplateException;
import dev.sparktune.testing.Shared;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** PromptSource's own templates, over rows made for them, against what Python's jinja2 rendered. */
class GoldensTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Golden(
            String library,
            String id,
            String name,
            Map<String, Object> row,
            List<String> parts,
            @JsonProperty("answer_choices") List<String> answerChoices) {
        boolean agrees(Rendering rendering) {
            return !(rendering instanceof Rendering.Example example)
                    || (List.of(example.prompt(), example.completionTarget()).equals(parts)
                            && Objects.equals(example.answerChoices(), answerChoices));
        }
    }

    @Test
    void rendersPromptSourceAsPythonDoes() throws IOException {
        Path root = Shared.require("promptsource");
        Map<String, TemplateLibrary> libraries = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        int identical = 0;
        for (Golden golden : goldens(root)) {
            TemplateLibrary library = libraries.computeIfAbsent(golden.library(), name -> read(root, name));
            try {
                PromptTemplate template = library.get(golden.id());
                List<String> parts = template.parts(golden.row(), 0).parts();
                boolean sameExample = parts.size() > 2 || golden.agrees(template.render(golden.row(), 0));
                if (parts.equals(golden.parts()) && sameExample) {
                    identical++;
                } else {
                    wrong.add(golden + "\n    became " + parts);
                }
            } catch (TemplateException e) {
                wrong.add(golden + "\n    " + e.getMessage());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(identical).isEqualTo(4146);
    }

    @Test
    void compilesEveryTemplateOfPromptSource() throws IOException {
        Path root = Shared.require("promptsource").resolve("templates");
        List<Path> files;
        try (Stream<Path> paths = Files.walk(root)) {
            files = paths.filter(path -> path.endsWith("templates.yaml")).toList();
        }
        int templates = 0;
        for (Path file : files) {
            String dataset = root.relativize(file.getParent()).toString();
            TemplateLibrary library = read(root.getParent(), dataset);
            assertThat(library.broken()).isEmpty();
            templates += library.templates().size();
        }
        assertThat(templates).isEqualTo(1273);
    }

    private static TemplateLibrary read(Path root, String dataset) {
        Path file = root.resolve("templates").resolve(TemplateLibrary.pathOf(dataset));
        try {
            return TemplateLibrary.parse(dataset, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Golden> goldens(Path root) throws IOException {
        List<Golden> goldens = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(root.resolve("goldens.jsonl.gz"))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                goldens.add(JSON.readValue(line, new TypeReference<>() {}));
            }
        }
        return goldens;
    }
}
