package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.template.ChatTemplate.Conversation;
import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code scripts/reference/chat_templates.py} made the references by transformers; its clock stands still as ours does. */
class ChatTemplateTest {
    @Test
    void rendersWhatTransformersRenders() {
        List<ChatReference> references = ChatReference.of(resource("references.jsonl"));

        assertThat(references).hasSizeGreaterThan(140);
        assertThat(references).filteredOn(one -> one.error() != null).hasSizeBetween(15, 40);
        references.forEach(reference -> reference.check(resource(reference.template())));
    }

    @Test
    void makesTheExampleOfTheJavadoc() {
        ChatTemplate template = compile("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}");

        assertThat(template.render(new Conversation(List.of(user("Hi")), false)))
                .isEqualTo("<user>Hi");
    }

    @Test
    void whatATemplateRefusesIsAnErrorWithItsWords() {
        ChatTemplate template = compile("a\n{{ raise_exception('too loud') }}");

        assertThatThrownBy(() -> template.render(new Conversation(List.of(), false)))
                .isInstanceOf(TemplateException.class)
                .hasMessage("template 'm', line 2: too loud");
    }

    @Test
    void listsAndRangesAreKeptAsTransformersKeepsThem() {
        assertThatThrownBy(() -> compile("{{ messages.append(1) }}").render(new Conversation(List.of(), false)))
                .hasMessageContaining("'append()' would change a list, which this kind of template must not");
        assertThatThrownBy(() -> compile("{{ range(100001) }}").render(new Conversation(List.of(), false)))
                .hasMessageContaining("Range too big. The maximum for this kind of template is 100000");
        assertThatThrownBy(() -> compile("{{ messages|choice }}"))
                .hasMessageContaining("the filter 'choice' is not supported");
        assertThatThrownBy(() -> compile("{% break %}")).hasMessageContaining("'break' stands outside of a loop");
    }

    @Test
    void theClockIsRead() {
        assertThat(compile("{{ strftime_now('%A %d %B %Y %H:%M:%S %j %I%p %%') }}")
                        .render(new Conversation(List.of(), false)))
                .isEqualTo("Saturday 04 July 2026 15:06:07 185 03PM %");
        assertThatThrownBy(() -> compile("{{ strftime_now('%Q') }}").render(new Conversation(List.of(), false)))
                .hasMessageContaining("strftime_now: the directive '%Q' is not supported");
    }

    @Test
    void aConfigurationMayHaveSeveralTemplates() {
        String config = """
                {"chat_template": [{"name": "default", "template": "plain {{ bos_token }}"},
                                   {"name": "tool_use", "template": "tools {{ eos_token }}"}],
                 "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}}""";
        ChatTemplate template = ChatTemplate.ofTokenizerConfig("m", config, ChatReference.CLOCK);

        assertThat(template.render(new Conversation(List.of(), false))).isEqualTo("plain <s>");
        assertThat(template.render(new Conversation(List.of(), List.of(Map.of("a", 1)), false, Map.of())))
                .isEqualTo("tools </s>");
    }

    @Test
    void aConfigurationWithoutATemplateIsRefused() {
        assertThatThrownBy(() -> ChatTemplate.ofTokenizerConfig("m", "{}", ChatReference.CLOCK))
                .hasMessage("m: the tokenizer's configuration has no chat_template");
        assertThatThrownBy(() -> ChatTemplate.ofTokenizerConfig("m", "{", ChatReference.CLOCK))
                .hasMessageStartingWith("m: the tokenizer's configuration is no JSON");
        ChatTemplate other = ChatTemplate.ofTokenizerConfig(
                "m", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}", ChatReference.CLOCK);
        assertThatThrownBy(() -> other.render(new Conversation(List.of(), false)))
                .hasMessage("m: no chat template is named default, but rag");
    }

    private static Map<String, Object> user(String content) {
        return Map.of("role", "user", "content", content);
    }

    private static ChatTemplate compile(String jinja) {
        return ChatTemplate.compile("m", jinja, ChatReference.TOKENS, ChatReference.CLOCK);
    }

    private static String resource(String name) {
        try {
            return new String(
                    ChatTemplateTest.class.getResourceAsStream("chat/" + name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
