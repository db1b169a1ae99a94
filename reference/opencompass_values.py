"""OpenCompass's PPL mode (configurations of August 2026, HuggingFaceBaseModel.get_ppl) on the rows of benchmarks/, for the demo
base → values/benchmarks/opencompass-ppl.json: the mean loss of each option's text, and the option with the smallest.

    python reference/opencompass_values.py
"""

import json
import os
import re
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent
DEMO = HERE.parent / "public" / "zoo" / "demo"


def rows(name):
    lines = (HERE / "benchmarks" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def clean(text):
    text = text.strip().replace(" [title]", ". ")
    return re.sub("\\[.*?\\]", "", text).replace("  ", " ")


def hellaswag(row):
    query = clean(f"{row['activity_label']}: {row['ctx_a']} {row['ctx_b'].capitalize()}")
    return ["\n".join([query.split(": ", 2)[-1], clean(ending)]) for ending in row["endings"]]


# Turns of a base model without a template of its own are joined by line breaks.
TEXTS = {
    "arc_easy": lambda r: [f"Question: {r['question']}\nAnswer: \n{text}" for text in r["choices"]["text"]],
    "hellaswag": hellaswag,
    "winogrande": lambda r: [
        "Good sentence: " + r["sentence"].replace("_", r[option]) for option in ("option1", "option2")
    ],
    "piqa": lambda r: [
        f"The following makes sense: \nQ: {r['goal']}\nA: {r[solution]}\n" for solution in ("sol1", "sol2")
    ],
    "social_iqa": lambda r: [
        f"{r['context']}\nQuestion: {r['question']}\nAnswer:\n{r['answer' + letter]}" for letter in "ABC"
    ],
}


@torch.no_grad()
def mean_loss(model, tokenizer, text):
    ids = tokenizer(text, return_tensors="pt", add_special_tokens=True).input_ids
    logits = model(ids).logits[0, :-1].float()
    return F.cross_entropy(logits, ids[0, 1:], reduction="sum").item() / ids.shape[1]


def main():
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(DEMO / "base")
    model = AutoModelForCausalLM.from_pretrained(DEMO / "base", dtype=torch.float32, attn_implementation="eager").eval()
    out = {}
    for name, texts in TEXTS.items():
        kept = [row for row in rows(name) if name != "arc_easy" or len(row["choices"]["text"]) == 4]
        losses = [[round(mean_loss(model, tokenizer, text), 7) for text in texts(row)] for row in kept]
        out[f"{name}_ppl"] = [{"losses": values, "chosen": values.index(min(values))} for values in losses]
    path = HERE / "values" / "benchmarks" / "opencompass-ppl.json"
    path.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
