package dev.sparktune.template.jinja;

/**
 * How a template's whitespace is read. PromptSource uses Jinja's defaults; chat templates of Hugging Face tokenizers are
 * written for both switched on.
 *
 * @param trimBlocks the newline right after a block tag or comment is dropped
 * @param lstripBlocks spaces between the start of a line and a block tag or comment are dropped
 * @param keepTrailingNewline whether one newline at the very end of the template stays
 */
record Syntax(boolean trimBlocks, boolean lstripBlocks, boolean keepTrailingNewline) {
    static final Syntax DEFAULT = new Syntax(false, false, false);
}
