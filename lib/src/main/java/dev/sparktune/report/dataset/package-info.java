/** The page that shows what a table was made into: rows, splits, lengths, what was set aside, some examples. */
package dev.sparktune.report.dataset;
