#!/usr/bin/env python3
"""Writes small Llama models with random weights, as transformers saves them: OUT_DIR/{float32,bfloat16,…}.

    python random_llama.py OUT_DIR

No side is a power of two and head_dim is not hidden_size / heads, so that a mix-up of sides shows.
"""
import sys
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

# name → dtype, tied, largest file
MODELS = {
    "float32": (torch.float32, True, "1GB"),
    "float32-untied": (torch.float32, False, "1GB"),
    "bfloat16": (torch.bfloat16, True, "1GB"),
    "float16-shards": (torch.float16, False, "20KB"),
    "bfloat16-shards": (torch.bfloat16, False, "20KB"),
}


def main():
    torch.manual_seed(11)
    for name, (dtype, tied, shard) in MODELS.items():
        config = LlamaConfig(
            vocab_size=97,
            hidden_size=36,
            intermediate_size=52,
            num_hidden_layers=3,
            num_attention_heads=6,
            num_key_value_heads=2,
            head_dim=10,
            max_position_embeddings=60,
            rms_norm_eps=2e-5,
            rope_theta=5000.0,
            initializer_range=0.2,
            tie_word_embeddings=tied,
            bos_token_id=1,
            eos_token_id=[2, 3],
        )
        model = LlamaForCausalLM(config)
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("norm.weight"):
                torch.nn.init.normal_(parameter, mean=1.0, std=0.3)
        model.to(dtype).save_pretrained(Path(sys.argv[1]) / name, max_shard_size=shard)


if __name__ == "__main__":
    main()
