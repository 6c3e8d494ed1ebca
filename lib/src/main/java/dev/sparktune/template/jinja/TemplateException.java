package dev.sparktune.template.jinja;

/** A template that cannot be read, or cannot be rendered over a row: which template, on which line, and why. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String template;
    private final int line;
    private final String reason;

    public TemplateException(String template, int line, String reason) {
        super("template '" + template + "', line " + line + ": " + reason);
        this.template = template;
        this.line = line;
        this.reason = reason;
    }

    /** The name the template was compiled under. */
    public String template() {
        return template;
    }

    /** Line in the template's text, from 1. */
    public int line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
