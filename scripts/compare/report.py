#!/usr/bin/env python3
"""Puts what scripts/compare/trl computed side by side: a table on stdout, and the losses as OUT_DIR/losses.svg. Exit code 1 where
a goal is missed.

    report.py OUT_DIR
"""
import json
import sys

import numpy as np
import pandas as pd

EQUAL_PREDICTIONS = 0.9975
LOSS_BOUND = 0.01
RESAMPLES = 10_000


def lines(file):
    with open(file) as text:
        return [json.loads(line) for line in text]


def sparktune_losses(directory, batches):
    """Loss of each update, after a check that its batch had as many tokens as it should."""
    logged = [line for line in lines(f"{directory}/model/training.jsonl") if "grad_norm" in line]
    seen = np.cumsum([sum(len(example["ids"]) for example in batch["examples"]) for batch in batches])
    if [line["num_input_tokens_seen"] for line in logged] != seen.tolist():
        raise SystemExit(f"{directory}: its updates read other numbers of tokens than the batches have")
    return np.array([line["loss"] for line in logged])


def correct(file, labels):
    """Of each label's row whether the prediction is right, and the prediction."""
    predictions = pd.read_parquet(file).set_index("id").prediction
    if set(predictions.index) != set(labels.index) or predictions.index.has_duplicates:
        raise SystemExit(f"{file}: its rows are not those of the test split")
    predictions = predictions[labels.index]
    return (predictions == labels).to_numpy(float), predictions.to_numpy()


def interval(values):
    """Mean with its 95 % percentile bootstrap interval, in percent."""
    draws = np.random.default_rng(42).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.quantile(values[draws].mean(1), [0.025, 0.975])
    return 100 * values.mean(), 100 * low, 100 * high


def draw(trl, ours, file):
    """Two plots, one below the other: the losses, and how far apart they are, in percent, on a logarithmic axis."""
    width, left, right = 860, 70, 20
    difference = np.maximum(100 * np.abs(ours - trl) / trl, 1e-7)
    low = np.floor(np.log10(difference.min()))

    def x(step):
        return left + (width - left - right) * step / (len(trl) - 1)

    def path(heights, style):
        points = " ".join(f"{x(i):.1f},{h:.1f}" for i, h in enumerate(heights))
        return f'<polyline points="{points}" fill="none" {style}/>'

    def tick(height, text):
        return (f'<line x1="{left}" x2="{width - right}" y1="{height:.1f}" y2="{height:.1f}" stroke="#ddd"/>'
                f'<text x="{left - 8}" y="{height + 4:.1f}" text-anchor="end">{text}</text>')

    def loss_height(loss):
        return 230 - 190 * loss / np.ceil(trl.max())

    def difference_height(percent):
        return 470 - 170 * (np.log10(percent) - low) / (1 - low)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 520" font-family="sans-serif" font-size="13" fill="#222">',
             f'<rect width="{width}" height="520" fill="white"/>',
             f'<text x="{left}" y="22" font-weight="bold">Loss of each update (nats per completion token), from the same adapter on the same batches</text>']
    parts += [tick(loss_height(v), f"{v:g}") for v in np.linspace(0, np.ceil(trl.max()), 5)]
    parts += [path(loss_height(trl), 'stroke="#f4a259" stroke-width="5"'), path(loss_height(ours), 'stroke="#1b4f8f" stroke-width="1.5"')]
    for row, (name, style) in enumerate({"TRL": 'stroke="#f4a259" stroke-width="5"', "sparktune": 'stroke="#1b4f8f" stroke-width="1.5"'}.items()):
        parts.append(f'<line x1="{width - 160}" x2="{width - 125}" y1="{50 + 20 * row}" y2="{50 + 20 * row}" {style}/>'
                     f'<text x="{width - 115}" y="{54 + 20 * row}">{name}</text>')
    parts.append(f'<text x="{left}" y="280" font-weight="bold">Their difference, percent of TRL\'s (the bound is {100 * LOSS_BOUND:g} %)</text>')
    parts += [tick(difference_height(10.0**e), f"{10.0**e:g}") for e in np.arange(low, 2)]
    parts.append(path(difference_height(difference), 'stroke="#1b4f8f" stroke-width="1.5"'))
    bound = difference_height(100 * LOSS_BOUND)
    parts.append(f'<line x1="{left}" x2="{width - right}" y1="{bound:.1f}" y2="{bound:.1f}" stroke="#c0392b" stroke-dasharray="6 4"/>')
    parts += [f'<text x="{x(s - 1):.1f}" y="492" text-anchor="middle">{s}</text>' for s in [1, *range(25, len(trl) + 1, 25)]]
    parts += [f'<text x="{(left + width - right) / 2}" y="512" text-anchor="middle">update</text>', "</svg>"]
    with open(file, "w") as out:
        out.write("\n".join(parts) + "\n")


def main():
    out = sys.argv[1]
    compare = f"{out}/compare"
    batches = lines(f"{compare}/batches.jsonl")
    labels = pd.read_parquet(f"{out}/data/test").set_index("id").target_label
    trl = np.array([line["loss"] for line in lines(f"{compare}/trl/losses.jsonl")])
    ours = sparktune_losses(f"{compare}/same-start", batches)
    difference = np.abs(ours - trl) / trl
    draw(trl, ours, f"{compare}/losses.svg")

    zero_hf, answers_hf = correct(f"{compare}/transformers.parquet", labels)
    zero_ours, answers_ours = correct(f"{out}/evaluate/base/predictions", labels)
    tuned_trl, _ = correct(f"{compare}/trl.parquet", labels)
    tuned_same, _ = correct(f"{compare}/same-start/evaluate/instruct/predictions", labels)
    tuned_own, _ = correct(f"{out}/evaluate/instruct/predictions", labels)
    equal = (answers_hf == answers_ours).sum()
    gain = interval(tuned_own - tuned_trl)
    goals = {
        f"zero-shot, predictions equal to transformers'": (f"{equal:,} of {len(labels):,}", equal >= EQUAL_PREDICTIONS * len(labels)),
        f"loss of each of {len(trl)} updates, from TRL's initial adapter": (
            f"{100 * difference.max():.2g} % from TRL's at most, {100 * np.median(difference):.2g} % in the median", difference.max() <= LOSS_BOUND),
        "accuracy from our own start, less TRL's": ("%+.1f points (%+.1f to %+.1f)" % gain, gain[2] >= 0),
    }
    print("| | measured | goal |\n|---|---|---|")
    for name, (figure, met) in goals.items():
        print(f"| {name} | {figure} | {'met' if met else 'missed'} |")
    print(f"\n| accuracy on {len(labels):,} reviews | 95 % interval |\n|---|---|")
    for name, right in {
        "zero-shot, transformers": zero_hf, "zero-shot, sparktune": zero_ours, "TRL": tuned_trl,
        "sparktune from TRL's initial adapter": tuned_same, "sparktune from its own": tuned_own,
    }.items():
        print("| %s | %.1f %% (%.1f – %.1f) |" % (name, *interval(right)))
    return 0 if all(met for _, met in goals.values()) else 1


sys.exit(main())
