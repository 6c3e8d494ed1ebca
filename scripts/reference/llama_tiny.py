"""Prints what transformers computes for two small random Llama models, as JSON: the reference of LlamaReferenceTest.

    $SPARKTUNE_PYTHON scripts/reference/llama_tiny.py > lib/src/test/resources/dev/sparktune/model/llama_tiny.json

Parameters and gradients are flat, in the order of ParameterLayout. The loss is the sum of -log p over the targets of two
packed examples, each run on its own here. All in float64.
"""

import json

import torch
from transformers import LlamaConfig, LlamaForCausalLM

EXAMPLES = [  # ids, prompt length
    ([3, 17, 5, 22, 9, 1, 28, 14], 5),
    ([8, 2, 2, 19, 0], 0),
]


def names(layers, tied):
    yield "model.embed_tokens.weight"
    for i in range(layers):
        for name in (
            "input_layernorm",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "post_attention_layernorm",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj",
        ):
            yield f"model.layers.{i}.{name}.weight"
    yield "model.norm.weight"
    if not tied:
        yield "lm_head.weight"


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def case(tied, heads, kv_heads, head_dim, seed):
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=29,
        hidden_size=12,
        intermediate_size=20,
        num_hidden_layers=2,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=head_dim,
        max_position_embeddings=16,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        tie_word_embeddings=tied,
    )
    model = LlamaForCausalLM(config).double().eval()
    parameters = dict(model.named_parameters())
    order = list(names(config.num_hidden_layers, tied))
    assert sorted(order) == sorted(parameters), set(order) ^ set(parameters)
    with torch.no_grad():  # far from the usual start, so that softmax and gates are not near linear
        for name, parameter in parameters.items():
            noise = torch.tensor(rounded(torch.randn(parameter.shape)), dtype=torch.float64).view(parameter.shape)
            parameter.copy_(torch.tensor(rounded(1 + 0.2 * noise if noise.dim() == 1 else 0.35 * noise)).double().view(parameter.shape))
    loss = 0.0
    logits = []
    for ids, prompt in EXAMPLES:
        first = max(1, prompt)
        rows = model(torch.tensor([ids])).logits[0, first - 1 : -1]
        logits.append(rows)
        loss = loss + torch.nn.functional.cross_entropy(rows, torch.tensor(ids[first:]), reduction="sum")
    loss.backward()
    return {
        "config": {
            "vocabSize": 29,
            "hiddenSize": 12,
            "intermediateSize": 20,
            "numHiddenLayers": 2,
            "numAttentionHeads": heads,
            "numKeyValueHeads": kv_heads,
            "headDim": head_dim,
            "maxPositionEmbeddings": 16,
            "rmsNormEps": 1e-5,
            "ropeTheta": 500.0,
            "tieWordEmbeddings": tied,
        },
        "examples": [{"ids": ids, "promptLength": prompt} for ids, prompt in EXAMPLES],
        "parameters": sum((rounded(parameters[n]) for n in order), []),
        "logits": rounded(torch.cat(logits)),
        "loss": loss.item(),
        "gradients": sum((rounded(parameters[n].grad) for n in order), []),
    }


print(json.dumps({"tied": case(True, 4, 2, 6, seed=1), "untied": case(False, 3, 1, 4, seed=2)}))
