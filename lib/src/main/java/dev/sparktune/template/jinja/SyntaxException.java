package dev.sparktune.template.jinja;

/** A template text that cannot be read; {@link JinjaTemplate} adds the template's name. */
final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    SyntaxException(int line, String reason) {
        super(reason, null, false, false);
        this.line = line;
    }

    int line() {
        return line;
    }
}
