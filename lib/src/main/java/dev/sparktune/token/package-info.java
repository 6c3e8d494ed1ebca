/**
 * Text to token ids and back, and the tokens on disk and in a step: {@code tokenizer.json} through Hugging Face's own
 * tokenizers, shards of tokenized examples that are read by offset, the order in which an epoch takes them, how an update
 * is dealt to workers, and packed batches.
 */
package dev.sparktune.token;
