package dev.sparktune.template.jinja;

/**
 * Something Python would raise, or that this evaluator does not know. It carries no place: {@link JinjaTemplate} adds
 * template and line and throws a {@link TemplateException}. Without a stack trace, because a bad row is an ordinary
 * event.
 */
final class EvalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EvalException(String reason) {
        super(reason, null, false, false);
    }
}
