"""Scores of the demo set by `transformers` (float32, eager attention, CPU) → `values/demo-scores.json`.

Raw item scores of the base, every component, and the equal mixture (α = 0.2 each, Σ α_i Θ_i in float32 over the float16 files):
- multiple_choice: [Σ log p of each choice] in nats
- loglikelihood_rolling: [Σ log p of the text, tokens that greedy decoding gets right]
- generate_until: [Σ log p of the target], and the greedy text cut at the first stop string
"""

import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "public" / "zoo" / "demo"
OUT = Path(__file__).resolve().parent / "values" / "demo-scores.json"
BATCH = 32


def load(folder: Path):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def merged(names: list[str], alpha: list[float]):
    model = load(DEMO / names[0])
    parts = [load_file(DEMO / name / "model.safetensors") for name in names]
    state = {key: sum(a * part[key].float() for a, part in zip(alpha, parts, strict=True)) for key in parts[0]}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)
    return model


@torch.no_grad()
def score(model, rows: list[tuple[list[int], int]]) -> list[tuple[float, int]]:
    """(Σ log p, greedy-correct tokens) of every row's tokens from its start on; rows are padded on the right."""
    out: list[tuple[float, int]] = [(0.0, 0)] * len(rows)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    for at in range(0, len(order), BATCH):
        part = order[at : at + BATCH]
        width = max(len(rows[i][0]) for i in part)
        tokens = torch.tensor([rows[i][0] + [0] * (width - len(rows[i][0])) for i in part])
        mask = torch.tensor([[1] * len(rows[i][0]) + [0] * (width - len(rows[i][0])) for i in part])
        logits = model(tokens, attention_mask=mask).logits[:, :-1]
        target = tokens[:, 1:]
        logp = torch.log_softmax(logits, -1).gather(2, target[..., None])[..., 0]
        right = logits.argmax(-1) == target
        for j, i in enumerate(part):
            ids, start = rows[i]
            span = slice(start - 1, len(ids) - 1)
            out[i] = logp[j, span].double().sum().item(), int(right[j, span].sum())
    return out


@torch.no_grad()
def generate(model, tokenizer, item: dict) -> str:
    """Greedy text of at most `maxGenToks` tokens, cut at the first stop string; the end-of-text token ends it."""
    ids = tokenizer(item["context"], add_special_tokens=False).input_ids
    made: list[int] = []
    for _ in range(item["maxGenToks"]):
        token = int(model(torch.tensor([ids + made])).logits[0, -1].argmax())
        if token == tokenizer.eos_token_id:
            break
        made.append(token)
        if any(stop in tokenizer.decode(made) for stop in item["until"]):
            break
    text = tokenizer.decode(made)
    for stop in item["until"]:
        text = text.split(stop)[0]
    return text


def rows_of(item: dict, tokenizer) -> list[tuple[list[int], int]]:
    """Token rows of an item by lm-eval's rule, each with the index of its first scored token."""

    def encode(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=False).input_ids

    if "text" in item:
        return [([tokenizer.bos_token_id, *encode(item["text"])], 1)]
    start = len(encode(item["context"]))
    endings = item["choices"] if "choices" in item else [item["target"]]
    rows = [(encode(item["context"] + ending), start) for ending in endings]
    return rows if start else [([tokenizer.bos_token_id, *ids], 1) for ids, _ in rows]


def task_values(model, tokenizer, spec: dict, items: list[dict]) -> dict:
    grouped = [rows_of(item, tokenizer) for item in items]
    scores = iter(score(model, [row for rows in grouped for row in rows]))
    values = [[next(scores) for _ in rows] for rows in grouped]
    if spec["outputType"] == "loglikelihood_rolling":
        return {"scores": [[round(logp, 5), right] for [(logp, right)] in values]}
    out = {"scores": [[round(logp, 5) for logp, _ in row] for row in values]}
    if spec["outputType"] == "generate_until":
        out["texts"] = [generate(model, tokenizer, item) for item in items]
    return out


def main() -> None:
    torch.set_num_threads(1)
    task_set = json.loads((DEMO / "tasks.json").read_text())
    names = [member["id"] for member in json.loads((DEMO / "demix-set.json").read_text())["components"]]
    alpha = [1 / len(names)] * len(names)
    subjects = [{"kind": "base"}]
    subjects += [{"kind": "mixture", "alpha": [float(i == j) for j in range(len(names))]} for i in range(len(names))]
    subjects += [{"kind": "mixture", "alpha": alpha}]
    labels = ["base", *names, "equal"]
    tokenizer = AutoTokenizer.from_pretrained(DEMO / "base")
    entries = []
    for label, subject in zip(labels, subjects, strict=True):
        model = merged(names, alpha) if label == "equal" else load(DEMO / label)
        tasks = {}
        for spec in task_set["tasks"]:
            items = json.loads((DEMO / spec["itemsFile"]).read_text())["items"]
            tasks[spec["id"]] = task_values(model, tokenizer, spec, items)
        entries.append({"id": label, "subject": subject, "tasks": tasks})
        print(label, flush=True)
    head = {
        "format": "demix-reference-scores",
        "version": 1,
        "made": {"transformers": transformers.__version__, "torch": torch.__version__, "dtype": "float32"},
        "items": {spec["id"]: spec["itemsSha256"] for spec in task_set["tasks"]},
    }
    OUT.parent.mkdir(exist_ok=True)
    body = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    OUT.write_text(f'{json.dumps(head)[:-1]},"subjects":[\n{body}\n]}}\n')


if __name__ == "__main__":
    main()
