/** The parts of {@link dev.sparktune.jobs.GenerateJob}: a model on each executor, prompts in, files of completions out. */
package dev.sparktune.jobs.generate;
