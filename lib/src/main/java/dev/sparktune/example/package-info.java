/**
 * The prompt–completion record that every job after {@code prepare} reads: its columns, its Avro schema, and its Parquet
 * files, written for every reader and read from anybody's who has a prompt and a completion.
 */
package dev.sparktune.example;
