package dev.sparktune.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.template.jinja.Dialect;
import dev.sparktune.template.jinja.JinjaTemplate;
import dev.sparktune.template.jinja.Limits;
import dev.sparktune.template.jinja.Row;
import dev.sparktune.template.jinja.TemplateException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model wants a conversation written: the chat template that its {@code tokenizer_config.json} holds, rendered as
 * {@code apply_chat_template} of Hugging Face's transformers does, but for the tokens.
 *
 * <p>{@code "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"} makes of {@code [{role: user, content: Hi}]} the
 * text {@code "<user>Hi"}. Any number of threads may render.
 */
public final class ChatTemplate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    /** What transformers takes for a message's thoughts, the first that is there. */
    private static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final String model;
    private final Map<String, JinjaTemplate> templates;
    private final Map<String, String> specialTokens;

    /**
     * What is said, and what else the template can read.
     *
     * @param messages each with {@code role}, {@code content} and whatever the template asks for
     * @param tools JSON schemas of functions; null for none
     * @param addGenerationPrompt whether the text ends with the beginning of an answer
     * @param variables more for the template, such as {@code enable_thinking}; they stand before the special tokens
     */
    public record Conversation(
            List<? extends Map<String, ?>> messages,
            List<? extends Map<String, ?>> tools,
            boolean addGenerationPrompt,
            Map<String, ?> variables) {
        /** Without tools or other variables. */
        public Conversation(List<? extends Map<String, ?>> messages, boolean addGenerationPrompt) {
            this(messages, null, addGenerationPrompt, Map.of());
        }
    }

    private ChatTemplate(String model, Map<String, JinjaTemplate> templates, Map<String, String> specialTokens) {
        this.model = model;
        this.templates = templates;
        this.specialTokens = specialTokens;
    }

    /**
     * Reads a template's Jinja.
     *
     * @param model for messages
     * @param specialTokens name → text, such as {@code bos_token → <s>}
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException if the Jinja cannot be read or uses something that is not supported
     */
    public static ChatTemplate compile(String model, String jinja, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate(model, Map.of(DEFAULT, compiled(model, jinja, clock)), Map.copyOf(specialTokens));
    }

    /**
     * Reads the {@code chat_template} of a {@code tokenizer_config.json}, one text or a list of named ones, and its special tokens.
     *
     * @throws IllegalArgumentException if the text is no such JSON, or holds no chat template
     * @throws TemplateException as {@link #compile}
     */
    public static ChatTemplate ofTokenizerConfig(String model, String tokenizerConfig, Clock clock) {
        JsonNode config = read(model, tokenizerConfig);
        JsonNode template = config.path("chat_template");
        Map<String, JinjaTemplate> templates = new LinkedHashMap<>();
        if (template.isTextual()) {
            templates.put(DEFAULT, compiled(model, template.textValue(), clock));
        }
        for (JsonNode named : template.isArray() ? template : JSON.createArrayNode()) {
            String name = named.path("name").asText();
            templates.put(
                    name,
                    compiled(model + " (" + name + ")", named.path("template").asText(), clock));
        }
        if (templates.isEmpty()) {
            throw new IllegalArgumentException(model + ": the tokenizer's configuration has no chat_template");
        }
        Map<String, String> tokens = new HashMap<>();
        for (String name : SPECIAL_TOKENS) {
            JsonNode token = config.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isTextual()) {
                tokens.put(name, text.textValue());
            }
        }
        return new ChatTemplate(model, templates, tokens);
    }

    private static JsonNode read(String model, String tokenizerConfig) {
        try {
            return JSON.readTree(tokenizerConfig);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    model + ": the tokenizer's configuration is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JinjaTemplate compiled(String name, String jinja, Clock clock) {
        return JinjaTemplate.compile(name, jinja, Dialect.chat(clock), Limits.DEFAULT);
    }

    /**
     * The conversation as the model reads it. Of named templates, that for {@code tool_use} is taken where there are tools.
     *
     * @throws TemplateException where the template refuses the conversation, and as {@link JinjaTemplate#render}
     */
    public String render(Conversation conversation) {
        Map<String, Object> row = new HashMap<>(specialTokens);
        row.put("messages", withReasoning(conversation.messages()));
        row.put("tools", conversation.tools());
        row.put("documents", null);
        row.put("add_generation_prompt", conversation.addGenerationPrompt());
        row.putAll(conversation.variables());
        return template(conversation.tools() != null).render(new Row(row), 0);
    }

    private JinjaTemplate template(boolean tools) {
        JinjaTemplate template = templates.get(tools && templates.containsKey(TOOL_USE) ? TOOL_USE : DEFAULT);
        if (template == null) {
            throw new IllegalArgumentException(model + ": no chat template is named " + DEFAULT + ", but "
                    + String.join(", ", templates.keySet()));
        }
        return template;
    }

    /** Thoughts, under the two names that templates read. */
    private static List<Map<String, Object>> withReasoning(List<? extends Map<String, ?>> messages) {
        List<Map<String, Object>> all = new ArrayList<>(messages.size());
        for (Map<String, ?> message : messages) {
            Object reasoning = REASONING.stream()
                    .map(name -> (Object) message.get(name))
                    .filter(value -> value != null)
                    .findFirst()
                    .orElse(null);
            Map<String, Object> copy = new LinkedHashMap<>();
            if (reasoning != null) {
                copy.put("thinking", reasoning);
            }
            copy.putAll(message);
            if (reasoning != null) {
                copy.put("reasoning_content", reasoning);
            }
            all.add(copy);
        }
        return all;
    }
}
