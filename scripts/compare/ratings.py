#!/usr/bin/env python3
"""Writes train_1000.parquet and test_2000.parquet of a directory as OUT_DIR/train and OUT_DIR/test in the form of prepared data: with
an id, a task and the answers to choose from.

    ratings.py ../shared/data/amazon-ratings OUT_DIR
"""
import os
import sys

import pandas as pd

source, out = sys.argv[1:]
for split, file in {"train": "train_1000.parquet", "test": "test_2000.parquet"}.items():
    rows = pd.read_parquet(f"{source}/{file}")
    os.makedirs(f"{out}/{split}", exist_ok=True)
    pd.DataFrame({
        "id": rows.review_id,
        "task": "rate",
        "prompt": rows.prompt,
        "completion": rows.completion,
        "answer_choices": [["1", "2", "3", "4", "5"]] * len(rows),
        "target_label": rows.star_rating.astype(str),
    }).to_parquet(f"{out}/{split}/part-00000.parquet", index=False)
