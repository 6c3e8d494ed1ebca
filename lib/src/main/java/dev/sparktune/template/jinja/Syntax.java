package dev.sparktune.template.jinja;

/**
 * How a template's whitespace is read. PromptSource uses Jinja's defaults; chat templates of Hugging Face tokenizers are
 * written for both switched on.
 *
 * @param trimBlocks the newline right after a block tag or comment is dropped
 * @param lstripBlocks spaces between the start of a line and a block tag or comment are dropped
 */
public record Syntax(boolean trimBlocks, boolean lstripBlocks) {
    public static final Syntax DEFAULT = new Syntax(false, false);
}
