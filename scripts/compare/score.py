#!/usr/bin/env python3
"""Chooses one of each row's answers by transformers, on the CPU in float32: the answer whose tokens are the likeliest behind the prompt.

    score.py MODEL_DIR TEST_DIRECTORY OUT.parquet [--adapter DIR]

TEST_DIRECTORY has Parquet files with id, prompt and answer_choices. OUT gets id, prediction and choice_scores, which are sums of log
probabilities as sparktune's evaluate has them. Every answer must be as many tokens as the others and differ in the last one only, as
digits do: then one pass a prompt tells all.
"""
import argparse
import os
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import pandas as pd
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

BATCH = 8


def encode(tokenizer, prompt, choices):
    """The tokens before each answer's last, which all share; how many of them are the answer's; each answer's last token."""
    prompt_ids = tokenizer(prompt).input_ids
    whole = [tokenizer(f"{prompt} {choice}").input_ids for choice in choices]
    shared = whole[0][:-1]
    if any(ids[:-1] != shared for ids in whole) or shared[: len(prompt_ids)] != prompt_ids:
        raise SystemExit(f"the answers {list(choices)} differ in more than their last token behind {prompt[-60:]!r}")
    return shared, len(shared) - len(prompt_ids), [ids[-1] for ids in whole]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("model")
    arguments.add_argument("test")
    arguments.add_argument("out")
    arguments.add_argument("--adapter")
    arguments = arguments.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    if arguments.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, arguments.adapter).merge_and_unload()
    test = pd.read_parquet(arguments.test)
    questions = [encode(tokenizer, prompt, choices) for prompt, choices in zip(test.prompt, test.answer_choices)]

    scores = [None] * len(test)
    by_length = sorted(range(len(test)), key=lambda i: len(questions[i][0]))
    started = time.time()
    with torch.inference_mode():
        for at in range(0, len(test), BATCH):
            part = by_length[at : at + BATCH]
            batch = tokenizer.pad({"input_ids": [questions[i][0] for i in part]}, return_tensors="pt")
            width = batch.input_ids.shape[1]
            answer_tokens = max(questions[i][1] for i in part)
            logits = model(**batch, logits_to_keep=answer_tokens + 1).logits
            log_p = torch.log_softmax(logits, -1)
            for row, i in enumerate(part):
                _, inner, last = questions[i]
                before = sum(
                    log_p[row, -1 - k, batch.input_ids[row, width - k]].item() for k in range(1, inner + 1)
                )
                scores[i] = [before + log_p[row, -1, token].item() for token in last]
    seconds = time.time() - started
    prediction = [choices[max(range(len(s)), key=s.__getitem__)] for choices, s in zip(test.answer_choices, scores)]
    pd.DataFrame({"id": test.id, "prediction": prediction, "choice_scores": scores}).to_parquet(arguments.out)
    accuracy = (pd.Series(prediction) == test.target_label).mean()
    print(f"{len(test)} rows in {seconds:.0f} s, {100 * accuracy:.1f} % right")


main()
