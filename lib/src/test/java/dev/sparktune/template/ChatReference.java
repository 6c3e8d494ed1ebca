package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.template.jinja.TemplateException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A conversation as transformers rendered it, by {@code scripts/reference/chat_templates.py}; its clock stands still as ours does.
 *
 * @param source the template's text; null if it lies in a file of that name
 * @param text null where the template refused the conversation
 * @param error transformers' words where it did
 */
record ChatReference(
        String template,
        String source,
        List<Map<String, Object>> messages,
        List<Map<String, Object>> tools,
        Map<String, Object> variables,
        String text,
        String error) {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-07-04T15:06:07Z"), ZoneOffset.UTC);
    static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<ChatReference> of(String lines) {
        List<ChatReference> references = new ArrayList<>();
        for (String line : lines.strip().split("\n")) {
            try {
                references.add(JSON.readValue(line, ChatReference.class));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return references;
    }

    void check(String jinja) {
        ChatTemplate compiled = ChatTemplate.compile(template, jinja, TOKENS, CLOCK);
        boolean prompt = Boolean.TRUE.equals(variables.get("add_generation_prompt"));
        ChatTemplate.Conversation conversation = new ChatTemplate.Conversation(messages, tools, prompt, variables);
        if (text != null) {
            assertThat(compiled.render(conversation)).as(toString()).isEqualTo(text);
        } else {
            assertThatThrownBy(() -> compiled.render(conversation))
                    .as(toString())
                    .isInstanceOf(TemplateException.class);
        }
    }
}
