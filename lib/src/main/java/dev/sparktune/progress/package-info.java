/** How far long work has come: done of total, rate and time left, redrawn on a terminal and as plain lines elsewhere. */
package dev.sparktune.progress;
