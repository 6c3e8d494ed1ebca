#!/usr/bin/env python3
"""What a model answers, by transformers: reference for dev.sparktune.generate.

    python scripts/reference/answers.py MODEL_DIR QUESTIONS.json NEW_TOKENS

QUESTIONS.json is a list of {"prompt": text, "choices": [text, …]}. Prints for each {"scores": [sum of the log-probabilities
of each choice's tokens], "greedy": ids of a greedy completion}; prompt and choice are tokenized together, one sequence at a time.
"""
import json
import sys

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

directory, questions, new_tokens = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), int(sys.argv[3])
tokenizer = Tokenizer.from_file(directory + "/tokenizer.json")
tokenizer.no_truncation()
tokenizer.no_padding()
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()


def score(prompt, choice):
    ids = tokenizer.encode(prompt + choice).ids
    start = len(tokenizer.encode(prompt).ids)
    log_probs = model(torch.tensor([ids])).logits[0].double().log_softmax(-1)
    return sum(log_probs[i - 1, ids[i]].item() for i in range(start, len(ids)))


def greedy(prompt):
    ids = torch.tensor([tokenizer.encode(prompt).ids])
    # no end-of-sequence token: the comparison is of the same number of tokens
    made = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False,
                          eos_token_id=None, pad_token_id=0)
    return made[0, ids.shape[1]:].tolist()


with torch.no_grad():
    print(json.dumps([{"scores": [score(q["prompt"], c) for c in q["choices"]], "greedy": greedy(q["prompt"])} for q in questions]))
