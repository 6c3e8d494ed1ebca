/** What the tests of all jobs share. */
package dev.sparktune.jobs.testing;
