/** What a trained decoder does with prompts: writes completions (greedy or sampled), or rates given ones. */
package dev.sparktune.generate;
