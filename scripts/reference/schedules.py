"""Prints, as JSON, the learning rates that transformers' schedules give: reference for LearningRateScheduleTest.

    python scripts/reference/schedules.py > lib/src/test/resources/dev/sparktune/train/schedules.json
"""

import json

import torch
from transformers import get_constant_schedule_with_warmup, get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

PEAK = 5e-4
SHAPES = {
    "CONSTANT": lambda o, w, t: get_constant_schedule_with_warmup(o, w),
    "LINEAR": get_linear_schedule_with_warmup,
    "COSINE": get_cosine_schedule_with_warmup,
}


def rates(shape, warmup, total):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = SHAPES[shape](optimizer, warmup, total)
    result = []
    for _ in range(total):
        result.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return result


print(json.dumps([
    {"type": shape, "peak": PEAK, "warmup_steps": warmup, "total_steps": total, "rates": rates(shape, warmup, total)}
    for shape in SHAPES
    for warmup, total in [(0, 7), (3, 11), (5, 5), (1, 1)]
]))
