"""Prints, as JSON, after which evaluation transformers' EarlyStoppingCallback ends a run: reference for EarlyStoppingTest.

    python scripts/reference/early_stopping.py > lib/src/test/resources/dev/sparktune/train/early_stopping.json
"""

import json
import random

from transformers import EarlyStoppingCallback, TrainerControl, TrainerState, TrainingArguments

ARGUMENTS = TrainingArguments(
    output_dir="unused", eval_strategy="steps", eval_steps=1, load_best_model_at_end=True, save_strategy="steps",
    save_steps=1, metric_for_best_model="eval_loss", greater_is_better=False, report_to=[], use_cpu=True,
)


def stopped_after(losses, patience, threshold):
    """Index of the evaluation that ends the run, or -1; the trainer notes the best after it asks the callback."""
    callback = EarlyStoppingCallback(patience, threshold)
    state, control = TrainerState(), TrainerControl()
    for index, loss in enumerate(losses):
        callback.on_evaluate(ARGUMENTS, state, control, {"eval_loss": loss})
        if state.best_metric is None or loss < state.best_metric:
            state.best_metric = loss
        if control.should_training_stop:
            return index
    return -1


draw = random.Random(11)
cases = []
for case in range(60):
    losses = [round(2 - 0.02 * i + draw.uniform(-0.15, 0.15), 2) for i in range(12)]
    patience, threshold = case % 4 + 1, (0.0, 0.01, 0.1)[case % 3]
    cases.append({"losses": losses, "patience": patience, "threshold": threshold,
                  "stopped": stopped_after(losses, patience, threshold)})
print("[" + ",\n".join(json.dumps(case) for case in cases) + "]")
