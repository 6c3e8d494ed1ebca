/**
 * Prompt templates: PromptSource's YAML files ({@link dev.sparktune.template.TemplateLibrary}) and what one of their
 * templates makes of a row ({@link dev.sparktune.template.PromptTemplate}). The Jinja in them is rendered by {@link
 * dev.sparktune.template.jinja}.
 */
package dev.sparktune.template;
