/**
 * An evaluator of Jinja templates with Python's values: text to tokens ({@link
 * dev.sparktune.template.jinja.Lexer}), tokens to a tree ({@link dev.sparktune.template.jinja.Parser}), the tree rendered
 * over a row ({@link dev.sparktune.template.jinja.JinjaTemplate}).
 *
 * <p>A value is a plain Java object: {@code null} for None, {@link java.lang.String}, {@link java.lang.Long} and, where that is
 * too small, {@link java.math.BigInteger}, {@link java.lang.Double}, {@link java.lang.Boolean}, a bare {@link java.util.List} for
 * a list, and the small classes {@code Tuple}, {@code Dict}, {@code Range}, {@code Undefined}, {@code OneShot} (a generator),
 * {@code Markup}, and what implements {@code Invocable}. What Python would print as an object's address, and whatever else
 * this evaluator does not know, is a {@link dev.sparktune.template.jinja.TemplateException}, never text. There is no
 * reflection: a template reaches its row and the tables in {@code Dialect}, {@code Tests} and {@code Methods}, nothing more.
 *
 * <p>The model is jinja2 3.1.6 on Python 3.11; {@code JinjaRandomIT} holds the two against each other.
 */
package dev.sparktune.template.jinja;
