"""Prints, as JSON, a tiny seeded Llama, batches of token ids and the losses and gradient norms of training it with
PyTorch: AdamW with decay groups, clipping, warm-up and cosine. Every update takes all examples, so that their order
does not matter. Reference for TrainerReferenceTest.

    python scripts/reference/adamw_run.py > lib/src/test/resources/dev/sparktune/train/adamw_run.json
"""

import base64
import json

import numpy
import torch
from transformers import LlamaConfig, LlamaForCausalLM, get_cosine_schedule_with_warmup

STEPS, EXAMPLES, PEAK, WARMUP, MAX_NORM = 20, 6, 1e-2, 3, 0.5

torch.manual_seed(7)
config = LlamaConfig(
    vocab_size=48, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=32, rms_norm_eps=1e-5, tie_word_embeddings=True,
    initializer_range=0.2,
)
model = LlamaForCausalLM(config).float()
weights = {
    name: base64.b64encode(value.detach().numpy().astype("<f4").tobytes()).decode()
    for name, value in model.named_parameters()
}

random = numpy.random.default_rng(7)
examples = []
for _ in range(EXAMPLES):
    length = int(random.integers(4, 12))
    examples.append({"ids": random.integers(0, 48, length).tolist(), "prompt_length": int(random.integers(0, length))})

matrices = [p for p in model.parameters() if p.dim() > 1]
norms = [p for p in model.parameters() if p.dim() == 1]
optimizer = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.1}, {"params": norms, "weight_decay": 0.0}],
    lr=PEAK, betas=(0.9, 0.99), eps=1e-8,
)
schedule = get_cosine_schedule_with_warmup(optimizer, WARMUP, STEPS)


def loss_sum(example):
    """Sum over the completion's tokens of -log p, and how many they are."""
    ids = torch.tensor([example["ids"]])
    first = max(1, example["prompt_length"])
    logits = model(input_ids=ids).logits[0, first - 1:-1]
    targets = ids[0, first:]
    return torch.nn.functional.cross_entropy(logits, targets, reduction="sum"), len(targets)


losses, grad_norms = [], []
for step in range(STEPS):
    optimizer.zero_grad()
    parts = [loss_sum(example) for example in examples]
    loss = sum(part[0] for part in parts) / sum(part[1] for part in parts)
    loss.backward()
    grad_norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM).item())
    optimizer.step()
    schedule.step()
    losses.append(loss.item())

print(json.dumps({
    "config": {key: getattr(config, key) for key in (
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "max_position_embeddings", "rms_norm_eps", "initializer_range")},
    "weights": weights, "examples": examples, "losses": losses, "grad_norms": grad_norms,
}))
