#!/usr/bin/env python3
"""Writes stories260K, a checkpoint of llama2.c, as a Hugging Face Llama directory.

    python stories260k_to_hf.py STORIES260K_DIR OUT_DIR       (needs numpy and safetensors)

STORIES260K_DIR holds stories260K.bin and tok512.bin of karpathy/tinyllamas on the Hugging Face Hub. The checkpoint is
llama2.c's first format: seven int32 (dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len; a negative
vocab_size says that the head is not the embedding), then float32 weights, each kind for all layers at once.

The tokenizer is sentencepiece's BPE: a word's characters are joined pair by pair, the pair first whose joint piece has
the best score. tokenizer.json wants ranked pairs instead: each piece gives one for every way to cut it into two pieces.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SPACE = "\u2581"  # sentencepiece's mark of a space


def read_checkpoint(path):
    data = path.read_bytes()
    dim, hidden, layers, heads, kv_heads, vocab, seq_len = struct.unpack("<7i", data[:28])
    tied, vocab = vocab > 0, abs(vocab)
    rest = np.frombuffer(data, dtype="<f4", offset=28)
    head_dim = dim // heads

    def take(*shape):
        nonlocal rest
        count = int(np.prod(shape))
        taken, rest = rest[:count].reshape(shape), rest[count:]
        return taken

    def halves(weight, n):
        """Rows of each head from pairs side by side (llama2.c turns 2i with 2i+1) to halves (i with i + head_dim/2)."""
        return weight.reshape(n, head_dim // 2, 2, dim).swapaxes(1, 2).reshape(n * head_dim, dim)

    weights = {"model.embed_tokens.weight": take(vocab, dim)}
    kinds = [
        ("input_layernorm", (dim,)),
        ("self_attn.q_proj", (heads * head_dim, dim)),
        ("self_attn.k_proj", (kv_heads * head_dim, dim)),
        ("self_attn.v_proj", (kv_heads * head_dim, dim)),
        ("self_attn.o_proj", (dim, heads * head_dim)),
        ("post_attention_layernorm", (dim,)),
        ("mlp.gate_proj", (hidden, dim)),
        ("mlp.down_proj", (dim, hidden)),
        ("mlp.up_proj", (hidden, dim)),
    ]
    for kind, shape in kinds:
        for layer, weight in enumerate(take(layers, *shape)):
            if kind.endswith("q_proj"):
                weight = halves(weight, heads)
            elif kind.endswith("k_proj"):
                weight = halves(weight, kv_heads)
            weights[f"model.layers.{layer}.{kind}.weight"] = weight
    weights["model.norm.weight"] = take(dim)
    take(2, seq_len, head_dim // 2)  # tables of cosines and sines
    if not tied:
        weights["lm_head.weight"] = take(vocab, dim)
    if len(rest):
        sys.exit(f"{path}: {len(rest)} numbers are left over")
    config = {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "bos_token_id": 1,
        "dtype": "float32",
        "eos_token_id": 1,  # a story ends where the next one begins
        "head_dim": head_dim,
        "hidden_act": "silu",
        "hidden_size": dim,
        "intermediate_size": hidden,
        "max_position_embeddings": seq_len,
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "num_key_value_heads": kv_heads,
        "rms_norm_eps": 1e-5,
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
        "rope_theta": 10000.0,
        "tie_word_embeddings": tied,
        "torch_dtype": "float32",
        "vocab_size": vocab,
    }
    return config, {name: np.ascontiguousarray(weight) for name, weight in weights.items()}


def read_vocabulary(path, size):
    """[(piece, score)], as llama2.c's tokenizer.bin has them: int32 longest piece, then float32 score, int32 length, bytes."""
    data, at, pieces = path.read_bytes(), 4, []
    for _ in range(size):
        score, length = struct.unpack_from("<fi", data, at)
        pieces.append((data[at + 8 : at + 8 + length].decode().replace(" ", SPACE), score))
        at += 8 + length
    pieces[1], pieces[2] = ("<s>", 0.0), ("</s>", 0.0)  # the file has line breaks around them
    return pieces


def tokenizer(pieces):
    ids = {piece: i for i, (piece, _) in enumerate(pieces)}
    first_text = 3 + 256  # <unk>, <s>, </s> and one piece for each byte come before
    merges = []
    for piece, score in pieces[first_text:]:
        cuts = [(piece[:i], piece[i:]) for i in range(1, len(piece))]
        cuts = [(left, right) for left, right in cuts if min(ids.get(left, 0), ids.get(right, 0)) >= first_text]
        merges += [(-score, ids[left], ids[right], [left, right]) for left, right in cuts]
    special = [
        {"id": i, "content": pieces[i][0], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True}
        for i in range(3)
    ]
    begin = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": SPACE},
                {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
            ],
        },
        "pre_tokenizer": None,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "vocab": ids,
            "merges": [pair for _, _, _, pair in sorted(merges)],
        },
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    config, weights = read_checkpoint(source / "stories260K.bin")
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    write_json(out / "config.json", config)
    write_json(out / "generation_config.json", {"bos_token_id": 1, "eos_token_id": [1, 2]})
    write_json(out / "tokenizer.json", tokenizer(read_vocabulary(source / "tok512.bin", config["vocab_size"])))
    write_json(
        out / "tokenizer_config.json",
        {
            "bos_token": "<s>",
            "clean_up_tokenization_spaces": False,
            "eos_token": "</s>",
            "model_max_length": config["max_position_embeddings"],
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": "<unk>",
        },
    )


if __name__ == "__main__":
    main()
