#!/usr/bin/env python3
"""Tunes a model with TRL's SFTTrainer and PEFT's LoRA, on the CPU in float32, on given batches in their order.

    train_trl.py init  MODEL_DIR ADAPTER_DIR [--seed N]              draws the adapter that both trainers start from
    train_trl.py train MODEL_DIR ADAPTER_DIR TRAIN_DIRECTORY BATCHES.jsonl OUT_DIR

BATCHES.jsonl is what TrainingBatches (of the tests) prints. TRL gets the texts of TRAIN_DIRECTORY (Parquet files with prompt and completion) in that
order and tokenizes them itself; before the first update every example that it will take is compared with ours, token ids and labels.
OUT_DIR gets the adapter, and losses.jsonl: of each update the sum of −log p over its completion tokens, divided by their number, and
the norm of the gradient before it is clipped.
"""
import argparse
import json
import os

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import pandas as pd
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed
from trl import SFTConfig, SFTTrainer

# As in conf/amazon-smollm2.yaml.
LORA = {"r": 8, "lora_alpha": 16, "lora_dropout": 0.0, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
BATCH_SIZE = 8  # passed one by one: padded to their longest, the reviews would have two and a half times the tokens
TRAINING = {
    "learning_rate": 5e-4, "lr_scheduler_type": "cosine", "warmup_steps": 5, "weight_decay": 0.0, "max_grad_norm": 1.0,
    "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-8, "max_length": 1024,
}


class RecordingTrainer(SFTTrainer):
    """Keeps each example's part of its update's loss as it is; the log's sums may be rounded."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.losses = []

    def compute_loss(self, *arguments, **named):
        loss = super().compute_loss(*arguments, **named)
        self.losses.append(loss.item())
        return loss

    def update_losses(self):
        return [sum(self.losses[at : at + BATCH_SIZE]) for at in range(0, len(self.losses), BATCH_SIZE)]


def base_model(directory):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)


def in_order(rows, batches, tokenizer):
    """The rows' texts in the order of the batches' examples."""
    by_ids = {}
    for prompt, completion in zip(rows.prompt, rows.completion):
        ids = (*tokenizer(prompt + completion).input_ids, tokenizer.eos_token_id)
        by_ids.setdefault(ids, []).append({"prompt": prompt, "completion": completion})
    examples = [example for batch in batches for example in batch["examples"]]
    ordered = [by_ids[tuple(example["ids"])].pop() for example in examples]
    if len(ordered) != len(rows):
        raise SystemExit(f"the batches have {len(ordered)} examples, but there are {len(rows)} rows")
    return datasets.Dataset.from_list(ordered)


def require_same(trainer, batches):
    """Every example that the trainer will take has our token ids and labels."""
    taken = list(trainer.get_train_dataloader())
    own = [example for batch in batches for example in batch["examples"]]
    for at, (batch, example) in enumerate(zip(taken, own, strict=True)):
        labels = [-100] * example["prompt_length"] + example["ids"][example["prompt_length"] :]
        if batch["input_ids"].tolist() != [example["ids"]] or batch["labels"].tolist() != [labels]:
            raise SystemExit(f"example {at} of {len(own)}: TRL has other token ids or labels than ours")
    print(f"TRL has the same token ids and labels as ours, in all {len(own)} examples", flush=True)


def init(arguments):
    set_seed(arguments.seed)
    get_peft_model(base_model(arguments.model), LoraConfig(**LORA)).save_pretrained(arguments.adapter)


def train(arguments):
    with open(arguments.batches) as lines:
        batches = [json.loads(line) for line in lines]
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    rows = pd.read_parquet(arguments.train)
    trainer = RecordingTrainer(
        model=PeftModel.from_pretrained(base_model(arguments.model), arguments.adapter, is_trainable=True),
        train_dataset=in_order(rows, batches, tokenizer),
        processing_class=tokenizer,
        args=SFTConfig(
            output_dir=f"{arguments.out}/trainer", per_device_train_batch_size=1, gradient_accumulation_steps=BATCH_SIZE,
            num_train_epochs=1, train_sampling_strategy="sequential", pad_to_multiple_of=None, gradient_checkpointing=False, bf16=False, use_cpu=True,
            dataloader_pin_memory=False, report_to=[], save_strategy="no", logging_steps=1, disable_tqdm=True, **TRAINING,
        ),
    )
    require_same(trainer, batches)
    trainer.train()
    trainer.save_model(f"{arguments.out}/adapter")
    logged = [line for line in trainer.state.log_history if "grad_norm" in line]
    with open(f"{arguments.out}/losses.jsonl", "w") as out:
        for line, loss in zip(logged, trainer.update_losses(), strict=True):
            out.write(json.dumps({"step": line["step"], "loss": loss, "grad_norm": float(line["grad_norm"])}) + "\n")


def main():
    arguments = argparse.ArgumentParser()
    commands = arguments.add_subparsers(required=True)
    drawing = commands.add_parser("init")
    drawing.add_argument("model")
    drawing.add_argument("adapter")
    drawing.add_argument("--seed", type=int, default=42)
    drawing.set_defaults(run=init)
    training = commands.add_parser("train")
    for name in ("model", "adapter", "train", "batches", "out"):
        training.add_argument(name)
    training.set_defaults(run=train)
    arguments = arguments.parse_args()
    arguments.run(arguments)


main()
