/**
 * Pages that show what was found: a tree of records in, one self-contained HTML file out (FreeMarker with
 * escaping on, Apache ECharts inlined; nothing is loaded from anywhere).
 */
package dev.sparktune.report;
