package dev.sparktune.template.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a kind of template knows beside Jinja's own: whitespace, filters, functions, statements, and what it must not do. */
public final class Dialect {
    /** Jinja's defaults, and PromptSource's {@code zip}, {@code choice}, {@code most_frequent} and {@code highlight}. */
    public static final Dialect PROMPT_SOURCE =
            new Dialect(Syntax.DEFAULT, Filters.TABLE, functions(Map.of("zip", Globals.ZIP)), false, Long.MAX_VALUE);

    private final Syntax syntax;
    private final Map<String, Builtin> filters;
    private final Map<String, Invocable> functions;
    private final boolean chat;
    private final long maxRange;

    private Dialect(
            Syntax syntax,
            Map<String, Builtin> filters,
            Map<String, Invocable> functions,
            boolean chat,
            long maxRange) {
        this.syntax = syntax;
        this.filters = filters;
        this.functions = functions;
        this.chat = chat;
        this.maxRange = maxRange;
    }

    /**
     * What Hugging Face's transformers gives to chat templates: whitespace around statements goes, {@code raise_exception}
     * and {@code strftime_now}, a {@code tojson} that keeps every character, {@code break} and {@code continue}, and nothing
     * that changes a list or dict.
     *
     * @param clock what {@code strftime_now} reads
     */
    public static Dialect chat(Clock clock) {
        Map<String, Builtin> filters = new HashMap<>(Filters.TABLE);
        filters.keySet().removeAll(List.of("choice", "most_frequent", "highlight"));
        filters.put("tojson", ChatFunctions.TO_JSON);
        return new Dialect(
                new Syntax(true, true, false), Map.copyOf(filters), functions(ChatFunctions.of(clock)), true, 100_000);
    }

    private static Map<String, Invocable> functions(Map<String, Builtin> more) {
        Map<String, Invocable> functions = new HashMap<>();
        Globals.TABLE.forEach((name, function) -> functions.put(name, new GlobalFunction(name, function)));
        more.forEach((name, function) -> functions.put(name, new GlobalFunction(name, function)));
        return Map.copyOf(functions);
    }

    /** The same with other whitespace. */
    Dialect with(Syntax other) {
        return new Dialect(other, filters, functions, chat, maxRange);
    }

    Syntax syntax() {
        return syntax;
    }

    Map<String, Builtin> filters() {
        return filters;
    }

    Map<String, Invocable> functions() {
        return functions;
    }

    /** Whether there are {@code break}, {@code continue} and {@code generation}. */
    boolean hasLoopControls() {
        return chat;
    }

    /** Whether the methods that change a list or dict are refused. */
    boolean immutable() {
        return chat;
    }

    /** The longest {@code range(…)}. */
    long maxRange() {
        return maxRange;
    }
}
