/**
 * What tests of both modules share: the inputs they find outside the checkout and the list of what was skipped without
 * them. Packed as the test-jar of lib.
 */
package dev.sparktune.testing;
