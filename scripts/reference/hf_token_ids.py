#!/usr/bin/env python3
"""Token ids that transformers gives each text, special tokens not added, and the texts that it decodes from them.

    python hf_token_ids.py MODEL_DIR TEXTS.json        a JSON list of strings

Prints a JSON list of {"ids": […], "text": "…"}.
"""
import json
import sys

from transformers import AutoTokenizer


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        texts = json.load(file)
    encoded = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    print(json.dumps([{"ids": ids, "text": tokenizer.decode(ids)} for ids in encoded]))


if __name__ == "__main__":
    main()
