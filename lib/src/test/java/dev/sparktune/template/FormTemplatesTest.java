package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.template.Rendering.Example;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The templates that instruction data and chats need none of the user's for. */
class FormTemplatesTest {
    @Test
    void anInstructionStandsInFrontOfItsInput() throws IOException {
        PromptTemplate template = library("alpaca").get("instruct");

        assertThat(template.render(row("Add.\nMind the sign.", "2 and -3", "-1"), 0))
                .isEqualTo(new Example("Add.\nMind the sign.\n\n2 and -3", "-1", null));
        assertThat(template.render(row("Say hello.", "", "Hello ||| you"), 0))
                .isEqualTo(new Example("Say hello.", "Hello ||| you", null));
        assertThat(template.render(row("Say hello.", null, "Hello"), 0))
                .isEqualTo(new Example("Say hello.", "Hello", null));
    }

    @Test
    void theLastAnswerOfAChatIsTheTarget() throws IOException {
        PromptTemplate template = library("messages").get("chat");
        Map<String, Object> question = Map.of("role", "user", "content", "Why?\n\nReally.");
        Map<String, Object> answer = Map.of("role", "assistant", "content", "Because.");
        Map<String, Object> system = Map.of("role", "system", "content", "Be brief.");

        assertThat(template.render(Map.of("messages", List.of(question, answer)), 0))
                .isEqualTo(new Example("Why?\n\nReally.", "Because.", null));
        assertThat(template.render(Map.of("messages", List.of(system, question, answer, question, answer)), 0))
                .isEqualTo(new Example(
                        "System: Be brief.\n\nUser: Why?\n\nReally.\n\nAssistant: Because.\n\nUser: Why?\n\nReally.\n\nAssistant:",
                        "Because.",
                        null));
        assertThat(template.render(Map.of("messages", List.of(question, answer, question)), 0))
                .isEqualTo(new Rendering.Skipped(Rendering.Reason.EMPTY_TARGET));
    }

    private static Map<String, Object> row(String instruction, String input, String output) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("instruction", instruction);
        row.put("input", input);
        row.put("output", output);
        return row;
    }

    private static TemplateLibrary library(String dataset) throws IOException {
        return TemplateLibrary.parse(
                dataset,
                Files.newInputStream(ProjectRoot.resolve("conf/templates").resolve(TemplateLibrary.pathOf(dataset))));
    }
}
