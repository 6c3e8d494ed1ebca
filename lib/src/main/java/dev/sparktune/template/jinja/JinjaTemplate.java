package dev.sparktune.template.jinja;

import java.util.ConcurrentModificationException;
import java.util.Map;

/**
 * A Jinja template, compiled once and rendered over any number of rows, by any number of threads. It renders what Python's
 * jinja2 renders, or throws.
 */
public final class JinjaTemplate {
    private static final int MOST_CHARACTERS = 1 << 20;

    private final String name;
    private final Statement.Body body;
    private final Map<String, Integer> fields;
    private final Dialect dialect;
    private final Limits limits;

    private JinjaTemplate(String name, Parser.Parsed parsed, Dialect dialect, Limits limits) {
        this.name = name;
        this.body = parsed.body();
        this.fields = parsed.fields();
        this.dialect = dialect;
        this.limits = limits;
    }

    /** With PromptSource's dialect and the default limits. */
    public static JinjaTemplate compile(String name, String source) {
        return compile(name, source, Dialect.PROMPT_SOURCE, Limits.DEFAULT);
    }

    /**
     * Reads a template.
     *
     * @param name for messages
     * @throws TemplateException for text that is not Jinja, and for every statement, filter, test, function or method that
     *     is not supported
     */
    public static JinjaTemplate compile(String name, String source, Dialect dialect, Limits limits) {
        if (source.length() > MOST_CHARACTERS) {
            throw new TemplateException(
                    name, 1, "the template has " + source.length() + " characters, but at most " + MOST_CHARACTERS);
        }
        try {
            return new JinjaTemplate(
                    name, Parser.parse(Lexer.tokens(source, dialect.syntax()), dialect), dialect, limits);
        } catch (SyntaxException e) {
            throw new TemplateException(name, e.line(), e.getMessage());
        }
    }

    /**
     * The variables that only the row can give, each with the line where it is first asked for: {@code {text: 1}} for {@code
     * "{{text}}{% set n = 2 %}{{n}}{{extra | default('')}}"}. A variable that the template sets at one place is not among them, though
     * another place may ask for it earlier.
     */
    public Map<String, Integer> fields() {
        return fields;
    }

    /**
     * The template's text over one row.
     *
     * @param seed of the draws that {@code choice} and {@code random} make
     * @throws TemplateException where Python would raise, where something is not supported, and beyond the limits
     */
    public String render(Row row, long seed) {
        return render(new Context(row, seed, dialect, limits, null));
    }

    /**
     * The beginning of what {@link #render} gives: rendering ends with the statement that writes {@code mark}, so that what
     * comes later may ask for what the row lacks.
     *
     * @return the whole text where {@code mark} is not in it
     */
    public String renderTo(String mark, Row row, long seed) {
        return render(new Context(row, seed, dialect, limits, mark));
    }

    private String render(Context context) {
        StringBuilder out = new StringBuilder(512);
        try {
            body.hide(context);
            body.block().render(context, out);
        } catch (EvalException e) {
            throw new TemplateException(name, context.line(), e.getMessage());
        } catch (ArithmeticException e) {
            throw new TemplateException(name, context.line(), "a whole number does not fit into 64 bits");
        } catch (ConcurrentModificationException e) {
            throw new TemplateException(name, context.line(), "a dict changed while it was walked");
        } catch (StackOverflowError e) {
            throw new TemplateException(name, context.line(), "calls are nested too deep");
        }
        return out.toString();
    }

    /** Python's {@code text[start:end].strip()}, by Java's positions. */
    public static String strip(String text, int start, int end) {
        return Text.strip(text, start, end);
    }
}
