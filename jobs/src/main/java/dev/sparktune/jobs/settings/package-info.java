/**
 * What a user can set: one record of sections, read from a YAML file and {@code --set key=value}, typed, bounded and
 * checked before any other input or output happens. The records are also the reference: {@code --help} and
 * {@code conf/reference.md} are made from them.
 */
package dev.sparktune.jobs.settings;
