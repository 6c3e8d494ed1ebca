/** Cleaning of texts, step by step: each step is a function of one text, in time linear in its length whatever the text. */
package dev.sparktune.clean;
