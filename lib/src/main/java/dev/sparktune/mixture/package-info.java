/** How many examples of each task a data set of several tasks holds, and in which words each record asks: arithmetic alone. */
package dev.sparktune.mixture;
