#!/usr/bin/env python3
"""Writes small random models of every family and what PyTorch makes of them: the reference of FamiliesIT.

    python families.py OUT_DIR

For each model OUT_DIR/NAME has
    model/          as transformers saves it
    gradients/      the same with the gradient of the loss in place of each parameter, computed in float64
    reference.json  examples, their loss, and the losses and gradient norms of training from there with AdamW

The loss is the sum of -log p over the completions' tokens, one example at a time; each update takes all of them. No side is a
power of two and no two sides are alike, so that a mix-up of sides shows.
"""
import copy
import json
import sys
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    Qwen2Config,
    Qwen3Config,
    get_cosine_schedule_with_warmup,
)

STEPS, PEAK, WARMUP, DECAY, MAX_NORM = 20, 1e-2, 3, 0.1, 0.5
ANY = {"vocab_size": 97, "initializer_range": 0.2, "bos_token_id": 1, "eos_token_id": [2, 3]}
GPT2 = ANY | {"n_embd": 30, "n_layer": 3, "n_head": 5, "n_positions": 53, "layer_norm_epsilon": 2e-5}
LLAMA = ANY | {
    "hidden_size": 36, "intermediate_size": 52, "num_hidden_layers": 3, "num_attention_heads": 6,
    "num_key_value_heads": 2, "max_position_embeddings": 60, "rms_norm_eps": 2e-5,
}
NEOX = ANY | {
    "hidden_size": 36, "intermediate_size": 52, "num_hidden_layers": 3, "num_attention_heads": 3,
    "max_position_embeddings": 59, "layer_norm_eps": 2e-5,
}


def rope(kind="default", theta=5000.0, **options):
    return {"rope_type": kind, "rope_theta": theta, **options}


# name → configuration, dtype, largest file
MODELS = {
    "gpt2": (GPT2Config(**GPT2), torch.float32, "1GB"),
    "gpt2-untied": (GPT2Config(**GPT2, n_inner=44, activation_function="gelu", tie_word_embeddings=False), torch.float32, "20KB"),
    "gpt2-relu": (GPT2Config(**GPT2, n_inner=70, activation_function="relu"), torch.bfloat16, "1GB"),
    "llama": (LlamaConfig(**LLAMA, head_dim=10, rope_parameters=rope(), tie_word_embeddings=True), torch.float32, "1GB"),
    "llama-llama3": (
        LlamaConfig(**LLAMA, head_dim=14, rope_parameters=rope(
            "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=20)),
        torch.float32, "1GB"),
    "llama-linear": (
        LlamaConfig(**LLAMA, rope_parameters=rope("linear", factor=2.5), attention_bias=True, mlp_bias=True,
                    hidden_act="gelu_pytorch_tanh"),
        torch.float16, "20KB"),
    "mistral": (MistralConfig(**LLAMA, head_dim=8, rope_parameters=rope(), sliding_window=7), torch.float32, "1GB"),
    "mistral-full": (
        MistralConfig(**LLAMA | {"num_key_value_heads": 6}, rope_parameters=rope(), sliding_window=None,
                      tie_word_embeddings=True),
        torch.bfloat16, "20KB"),
    "qwen2": (Qwen2Config(**LLAMA, rope_parameters=rope(theta=1e6), tie_word_embeddings=True), torch.float32, "1GB"),
    "qwen2-window": (
        Qwen2Config(**LLAMA, rope_parameters=rope(), use_sliding_window=True, sliding_window=5, max_window_layers=1),
        torch.float32, "1GB"),
    "qwen3": (Qwen3Config(**LLAMA, head_dim=14, rope_parameters=rope(theta=1e6), tie_word_embeddings=True), torch.float32, "1GB"),
    "qwen3-bias": (
        Qwen3Config(**LLAMA, head_dim=10, rope_parameters=rope(), attention_bias=True, use_sliding_window=True,
                    sliding_window=9, layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
        torch.bfloat16, "1GB"),
    # A quarter of a head of 12 columns are 3: rounded up to 4.
    "gpt_neox": (GPTNeoXConfig(**NEOX, rope_parameters=rope(partial_rotary_factor=0.25)), torch.float32, "1GB"),
    "gpt_neox-sequential": (
        GPTNeoXConfig(**NEOX, rope_parameters=rope("linear", factor=1.5, partial_rotary_factor=0.5),
                      use_parallel_residual=False, attention_bias=False, hidden_act="gelu_new", tie_word_embeddings=True),
        torch.float32, "20KB"),
}


def examples():
    random = torch.Generator().manual_seed(5)

    def draw(low, high):
        return int(torch.randint(low, high, (1,), generator=random))

    for length in (50, 3, 23, 12, 2, 31):
        yield {"ids": [draw(0, 97) for _ in range(length)], "prompt_length": draw(0, length)}


def loss_sum(model, example):
    """Sum over the completion's tokens of -log p, and how many they are."""
    ids = torch.tensor([example["ids"]])
    first = max(1, example["prompt_length"])
    logits = model(input_ids=ids).logits[0, first - 1:-1]
    return torch.nn.functional.cross_entropy(logits, ids[0, first:], reduction="sum"), len(example["ids"]) - first


def gradients(model, batch, directory):
    """The gradient in float64, in a copy of the model; returns the loss."""
    twin = copy.deepcopy(model).double()
    loss = sum(loss_sum(twin, example)[0] for example in batch)
    loss.backward()
    for parameter in twin.parameters():
        parameter.data = parameter.grad.clone()
    twin.float().save_pretrained(directory)
    return loss.item()


def train(model, batch):
    matrices = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    vectors = [p for p in model.parameters() if p.requires_grad and p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}],
        lr=PEAK, betas=(0.9, 0.99), eps=1e-8)
    schedule = get_cosine_schedule_with_warmup(optimizer, WARMUP, STEPS)
    losses, grad_norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        parts = [loss_sum(model, example) for example in batch]
        loss = sum(part[0] for part in parts) / sum(part[1] for part in parts)
        loss.backward()
        grad_norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM).item())
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return {"losses": losses, "grad_norms": grad_norms}


def main():
    batch = list(examples())
    for seed, (name, (config, dtype, shard)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        directory = Path(sys.argv[1]) / name
        # In evaluation mode throughout: dropout would draw at random.
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.dim() == 1:  # norms begin at 1, biases at 0: those would hide a mix-up
                    parameter.add_(0.3 * torch.randn_like(parameter))
        model.to(dtype).save_pretrained(directory / "model", max_shard_size=shard)
        # Read again, because to() rounds the rotary frequencies, too, which no file holds.
        model = AutoModelForCausalLM.from_pretrained(
            directory / "model", dtype=torch.float32, attn_implementation="eager").eval()
        loss = gradients(model, batch, directory / "gradients")
        reference = {"examples": batch, "loss": loss, **train(model, batch)}
        (directory / "reference.json").write_text(json.dumps(reference))


if __name__ == "__main__":
    main()
