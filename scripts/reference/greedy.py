#!/usr/bin/env python3
"""Greedy continuations by transformers, raw and behind the model's chat template: the reference of SmolLm2IT.

    python scripts/reference/greedy.py MODEL_DIR PROMPTS.json NEW_TOKENS

PROMPTS.json is a list of texts. Prints {"raw": [...], "chat": [...]}: for each prompt {"prompt": ids read, "greedy": ids written},
one sequence at a time, in float32, no end-of-sequence token heeded.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

directory, prompts, new_tokens = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), int(sys.argv[3])
tokenizer = AutoTokenizer.from_pretrained(directory)
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()


def greedy(ids):
    prompt = torch.tensor([ids])
    made = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=new_tokens,
                          min_new_tokens=new_tokens, do_sample=False, eos_token_id=None, pad_token_id=0)
    return {"prompt": ids, "greedy": made[0, len(ids):].tolist()}


def chat(prompt):
    text = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


with torch.no_grad():
    print(json.dumps({
        "raw": [greedy(tokenizer(prompt)["input_ids"]) for prompt in prompts],
        "chat": [greedy(chat(prompt)) for prompt in prompts],
    }))
