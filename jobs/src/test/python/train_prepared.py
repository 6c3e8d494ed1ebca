"""One step of TRL's SFTTrainer over each form of a prepared data set, and on which tokens it counts the loss, as JSON.

Each form: {"loss": …, "rows": [{"masked": text of the masked tokens, "trained": text of the others}, …]}, in the order of the data.
Run: python train_prepared.py DATA_DIRECTORY MODEL_DIRECTORY
"""

import json
import os
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
import datasets
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

ROWS = 4
# {% generation %} is how TRL learns which tokens are the assistant's.
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message.role + ':' }}"
    "{% if message.role == 'assistant' %}{% generation %}{{ message.content + eos_token }}{% endgeneration %}"
    "{% else %}{{ message.content + '\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}"
)
IGNORED = -100


def one_step(form, directory, model, output):
    data = datasets.load_dataset(directory, form, split="train", cache_dir=f"{output}/cache").select(range(ROWS))
    columns = ["messages"] if form == "messages" else ["prompt", "completion"]
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.chat_template = CHAT_TEMPLATE
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32),
        train_dataset=data.select_columns(columns),
        processing_class=tokenizer,
        args=SFTConfig(
            output_dir=output,
            per_device_train_batch_size=ROWS,
            max_steps=1,
            max_length=512,
            assistant_only_loss=form == "messages",
            bf16=False,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_steps=1,
            gradient_checkpointing=False,
            disable_tqdm=True,
        ),
    )
    batch = trainer.data_collator([trainer.train_dataset[i] for i in range(ROWS)])
    rows = []
    for ids, labels, mask in zip(batch["input_ids"], batch["labels"], batch["attention_mask"]):
        real = mask == 1
        rows.append(
            {
                "masked": tokenizer.decode(ids[real & (labels == IGNORED)]),
                "trained": tokenizer.decode(ids[real & (labels != IGNORED)]),
            }
        )
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return {"loss": losses[0], "rows": rows, "examples": data.select_columns(columns).to_list()}


def main():
    directory, model = sys.argv[1:]
    sys.stdout, results = sys.stderr, sys.stdout
    trained = {}
    for form in "prompt_completion", "chat", "messages":
        with tempfile.TemporaryDirectory() as output:
            trained[form] = one_step(form, directory, model, output)
    print(json.dumps(trained), file=results)


if __name__ == "__main__":
    main()
