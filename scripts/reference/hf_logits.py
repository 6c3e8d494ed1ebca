#!/usr/bin/env python3
"""Logits that transformers gives, computed in float32 from the weights as they are stored.

    python hf_logits.py SEQUENCES.json MODEL_DIR OUT_FILE [MODEL_DIR OUT_FILE …]

SEQUENCES.json: a list of lists of token ids. OUT_FILE: float32, little-endian, [tokens of all sequences, vocab_size].
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM


def main():
    with open(sys.argv[1]) as file:
        sequences = json.load(file)
    for directory, out in zip(sys.argv[2::2], sys.argv[3::2]):
        model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
        with open(out, "wb") as file, torch.no_grad():
            for ids in sequences:
                logits = model(torch.tensor([ids])).logits[0]
                file.write(logits.contiguous().numpy().astype("<f4").tobytes())


if __name__ == "__main__":
    main()
