/**
 * Hugging Face model directories: {@code config.json}, safetensors files and what travels with them, read into a {@link
 * dev.sparktune.model.Decoder} and written from one. Nothing in such a directory is trusted: headers are checked before
 * anything is allocated, options that the decoder does not compute are refused by name.
 */
package dev.sparktune.model.hf;
