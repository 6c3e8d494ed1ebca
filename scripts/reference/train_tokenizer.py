#!/usr/bin/env python3
"""Trains the tokenizer of conf/tiny-base: byte-level BPE with a vocabulary of 1,024.

    train_tokenizer.py TEXT_PARQUET OUT_DIR     (Python with tokenizers and pyarrow: scripts/python-env)

TEXT_PARQUET is what the Synthesize job writes for kind text: a column `text`, a document a row. Written are
tokenizer.json, tokenizer_config.json and special_tokens_map.json. The same text gives the same files.

A digit is a token of its own, together with the space before it: the ratings " 1" to " 5" are one token each, and a
prompt is tokenized alike before any of them.
"""
import json
import pathlib
import sys

import pyarrow.parquet
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCAB_SIZE = 1024
END = "<|endoftext|>"
# GPT-2's words, but a number is cut into its digits.
WORDS = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
# What the templates ask around a review, so that questions are not spelled out letter by letter, and the digits.
QUESTIONS = [
    "Review: How many stars, from 1 to 5, does this review give?",
    "Product: Stars: 4 of 5. Write a review of this product.",
    "Review: Write a headline for this review.",
    " 1 2 3 4 5 6 7 8 9",
]


def main(text_parquet: str, out_dir: str) -> None:
    texts = pyarrow.parquet.read_table(text_parquet, columns=["text"])["text"].to_pylist()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE,
        special_tokens=[END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts + QUESTIONS * (1 + len(texts) // 100), trainer)
    assert tokenizer.get_vocab_size() == VOCAB_SIZE, tokenizer.get_vocab_size()
    for digit in "123456789":
        assert len(tokenizer.encode(" " + digit).ids) == 1, digit

    out = pathlib.Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"))
    special = {"bos_token": END, "eos_token": END, "pad_token": END}
    config = special | {
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 512,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    for name, content in (("tokenizer_config.json", config), ("special_tokens_map.json", special)):
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    print(f"{VOCAB_SIZE} tokens from {len(texts)} documents: {out}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
