#!/usr/bin/env python3
"""Reference values for dev.sparktune.eval, by scikit-learn, rouge-score and numpy.

    pip install scikit-learn rouge-score numpy
    python scripts/reference/metrics.py > lib/src/test/resources/dev/sparktune/eval/metrics.json

The bootstrap's draws are SplitMix64's, written out here a second time; the metrics over them are the libraries' own.
"""
import json

import numpy as np
from rouge_score import rouge_scorer
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

MASK = (1 << 64) - 1


def draw(seed, counter, bound):
    z = (seed + 0x9E3779B97F4A7C15 * (counter + 1)) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    z ^= z >> 31
    return ((z >> 33) * bound) >> 31


def interval(n, metric, resamples, seed):
    values = [metric(np.array([draw(seed, r * n + i, n) for i in range(n)])) for r in range(resamples)]
    low, high = np.quantile(values, [0.025, 0.975])
    return {"value": float(metric(np.arange(n))), "low": float(low), "high": float(high)}


def classification(n, classes, resamples, seed):
    rng = np.random.default_rng(seed)
    labels = rng.choice(classes, n, p=[0.55, 0.2, 0.15, 0.1, 0.0])
    base = rng.choice(classes, n, p=[0.1, 0.1, 0.6, 0.2, 0.0])
    instruct = np.where(rng.random(n) < 0.6, labels, rng.integers(0, classes, n))
    nll = rng.gamma(2.0, 1.0, n)
    tokens = rng.integers(1, 9, n)
    names = list(range(classes))
    macro_f1 = lambda p: lambda s: f1_score(labels[s], p[s], average="macro", labels=names, zero_division=0)
    accuracy = lambda p: lambda s: accuracy_score(labels[s], p[s])
    return {
        "classes": classes, "resamples": resamples, "seed": seed,
        "labels": labels.tolist(), "base": base.tolist(), "instruct": instruct.tolist(), "nll": nll.tolist(), "tokens": tokens.tolist(),
        "confusion": confusion_matrix(labels, instruct, labels=names).tolist(),
        "accuracy": interval(n, accuracy(instruct), resamples, seed),
        "macro_f1": interval(n, macro_f1(instruct), resamples, seed),
        "perplexity": interval(n, lambda s: np.exp(nll[s].sum() / tokens[s].sum()), resamples, seed),
        "macro_f1_gain": interval(n, lambda s: macro_f1(instruct)(s) - macro_f1(base)(s), resamples, seed),
    }


def rouge():
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    pairs = [
        ("the cat sat on the mat", "the cat lay on a mat"),
        ("Great product!", "great PRODUCT, would buy again"),
        ("It's a 5-star hair dryer.", "its a 5 star hairdryer"),
        ("a b c d e f g", "g f e d c b a"),
        ("", "something"),
        ("something", ""),
        ("!!!", "???"),
        ("Café très bon 👍", "cafe tres bon"),
        ("one two three three three", "three one two three"),
        ("It\u2019s fine, it\u2019s OK. \u212Aelvin", "it s ok kelvin"),
        ("line one\nline\ttwo", "line two line one"),
    ]
    return [{"reference": r, "candidate": c, "f": scorer.score(r, c)["rougeL"].fmeasure} for r, c in pairs]


print(json.dumps({"classification": classification(60, 5, 200, 42), "rouge_l": rouge()}, indent=1))
