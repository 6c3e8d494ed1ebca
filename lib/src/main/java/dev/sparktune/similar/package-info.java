/** Which texts are nearly the same: sets of character 5-grams, compared by Jaccard similarity, found by MinHash. */
package dev.sparktune.similar;
