#!/usr/bin/env python3
"""Puts random LoRA adapters on small random models of every family, and writes what PEFT makes of them: the reference of LoraIT.

    python lora.py OUT_DIR

For each case OUT_DIR/NAME has
    base/           the model, one of families.py, as transformers saves it
    adapter/        the adapter as PEFT saves it; every other one with the adapter's name in its tensors' names
    gradients/      the same with the gradient of the loss in place of each A and B, computed in float64
    merged/         what merge_and_unload makes
    logits          of all tokens of all examples, float32
    reference.json  examples, their loss, and the losses and gradient norms of training from there with AdamW, in float64
"""
import copy
import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from families import MODELS, examples, loss_sum, train

# name → model of families.py, options of LoRA
CASES = {
    "gpt2": ("gpt2", dict(r=5, lora_alpha=7, target_modules="all-linear", fan_in_fan_out=True)),
    "gpt2-attention": ("gpt2-untied", dict(r=3, lora_alpha=8, target_modules=["attn.c_proj", "c_attn"], fan_in_fan_out=True, use_rslora=True)),
    "llama": ("llama", dict(r=3, lora_alpha=5, target_modules="all-linear")),
    "llama-upper": ("llama-llama3", dict(r=2, lora_alpha=3, target_modules=r"model\.layers\.[12]\.(mlp\.(up|down)|self_attn\.v)_proj")),
    "llama-bias": ("llama-linear", dict(r=7, lora_alpha=7, target_modules=["q_proj", "v_proj", "gate_proj", "o_proj"], use_rslora=True)),
    "mistral": ("mistral", dict(r=4, lora_alpha=9, target_modules="all-linear")),
    "qwen2": ("qwen2", dict(r=3, lora_alpha=6, target_modules=["k_proj", "v_proj", "up_proj"])),
    "qwen3": ("qwen3", dict(r=5, lora_alpha=5, target_modules="all-linear", use_rslora=True)),
    "gpt_neox": ("gpt_neox", dict(r=3, lora_alpha=4, target_modules="all-linear")),
    "gpt_neox-patterns": (
        "gpt_neox-sequential",
        dict(r=2, lora_alpha=4, target_modules=["query_key_value", "dense"],
             rank_pattern={r"layers\.1\.attention\.query_key_value": 5}, alpha_pattern={"dense": 11})),
}


def tensors(model, value):
    """What PEFT saves, of another value of the parameters: names as in its files."""
    return {name.replace(".default.", "."): value(p).float().contiguous()
            for name, p in model.named_parameters() if "lora_" in name}


def gradients(model, batch, directory, adapter):
    twin = copy.deepcopy(model).double()
    loss = sum(loss_sum(twin, example)[0] for example in batch)
    loss.backward()
    directory.mkdir()
    (directory / "adapter_config.json").write_bytes((adapter / "adapter_config.json").read_bytes())
    save_file(tensors(twin, lambda p: p.grad), directory / "adapter_model.safetensors", {"format": "pt"})
    return loss.item()


def keep_name(adapter):
    file = adapter / "adapter_model.safetensors"
    save_file({name.replace(".weight", ".default.weight"): t for name, t in load_file(file).items()}, file, {"format": "pt"})


def main():
    torch.set_num_threads(1)  # more only wait for each other on such sizes
    batch = list(examples())[:4]  # enough for rows of several lengths in a batch
    for seed, (name, (family, options)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        directory = Path(sys.argv[1]) / name
        base = AutoModelForCausalLM.from_config(MODELS[family][0], attn_implementation="eager").eval()
        with torch.no_grad():
            for parameter in base.parameters():
                if parameter.dim() == 1:
                    parameter.add_(0.3 * torch.randn_like(parameter))
        base.save_pretrained(directory / "base")
        # A and B both random: at LoRA's own start A has no gradient. In evaluation mode throughout: dropout would draw at random.
        model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", init_lora_weights=False, **options)).eval()
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                if "lora_" in parameter_name:
                    parameter.copy_(0.1 * torch.randn_like(parameter))  # at 0.3 rounding alone makes training another
        model.save_pretrained(directory / "adapter")
        loss = gradients(model, batch, directory / "gradients", directory / "adapter")
        if seed % 2 == 1:
            keep_name(directory / "adapter")
        with torch.no_grad():
            logits = torch.cat([model(input_ids=torch.tensor([example["ids"]])).logits[0] for example in batch])
        (directory / "logits").write_bytes(logits.float().numpy().tobytes())
        copy.deepcopy(model).merge_and_unload().save_pretrained(directory / "merged")
        trained = [p for p in model.parameters() if p.requires_grad]
        assert trained and all(p.dim() == 2 for p in trained)
        reference = {"examples": batch, "loss": loss, **train(model.double(), batch)}
        (directory / "reference.json").write_text(json.dumps(reference))


if __name__ == "__main__":
    main()
