"""Scores checkpoints and merged mixtures on the tasks, and compares merged proxies with the tune split's references.

Usage: evaluate.py [--split tune|report] [--final]. Row scores are cached in `.work/scores/<hash>-<subject>.npy`, where the
hash stands for the tasks and the published set.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from model import Qwen3
from settings import COMPONENTS, CONTINUED, FRACTIONS, PUBLIC, WORK, ZOO

Weights = dict[str, torch.Tensor]


def load(path: Path) -> Weights:
    return {name: value.float() for name, value in load_file(path).items()}


def merge(alpha: list[float], components: list[Weights]) -> Weights:
    return {name: sum(a * c[name] for a, c in zip(alpha, components, strict=True)) for name in components[0]}


class Tasks:
    """Every task's sequences: tokens, and where the scored part begins."""

    def __init__(self):
        self.tokenizer = Tokenizer.from_file(str(PUBLIC / "base" / "tokenizer.json"))
        text = (PUBLIC / "tasks.json").read_bytes()
        self.hash = hashlib.sha256(text + (PUBLIC / "demix-set.json").read_bytes()).hexdigest()[:12]
        self.specs = json.loads(text)["tasks"]
        self.items = {t["id"]: json.loads((PUBLIC / t["itemsFile"]).read_text())["items"] for t in self.specs}
        self.rows: list[tuple[list[int], int]] = []
        self.spans: dict[str, list[range]] = {}
        for spec in self.specs:
            self.spans[spec["id"]] = [self.add(item) for item in self.items[spec["id"]]]

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def add(self, item: dict) -> range:
        first = len(self.rows)
        if "text" in item:
            self.rows.append(([0, *self.encode(item["text"])], 1))
        else:
            start = len(self.encode(item["context"]))
            for ending in item.get("choices", [item.get("target")]):
                self.rows.append((self.encode(item["context"] + ending), start))
        return range(first, len(self.rows))


@torch.no_grad()
def score_rows(model: Qwen3, rows: list[tuple[list[int], int]]) -> np.ndarray:
    """[rows, 4]: Σ log p of the scored part, its tokens, tokens greedy gets right, and whether greedy ends the line after it."""
    out = np.zeros((len(rows), 4))
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    for at in range(0, len(order), 64):
        part = order[at : at + 64]
        length = max(len(rows[i][0]) for i in part)
        tokens = torch.zeros(len(part), length, dtype=torch.long)
        for j, i in enumerate(part):
            tokens[j, : len(rows[i][0])] = torch.tensor(rows[i][0])
        logits = model(tokens)
        logp = torch.log_softmax(logits[:, :-1], -1).gather(2, tokens[:, 1:, None])[..., 0].numpy()
        best = logits.argmax(-1).numpy()
        right = best[:, :-1] == tokens[:, 1:].numpy()
        for j, i in enumerate(part):
            ids, start = rows[i]
            span = slice(start - 1, len(ids) - 1)
            out[i] = logp[j, span].sum(), len(ids) - start, right[j, span].sum(), best[j, len(ids) - 1]
    return out


def task_scores(tasks: Tasks, scores: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Per task: accuracy-like and continuous score of every item."""
    out = {}
    ends = [i for i in range(tasks.tokenizer.get_vocab_size()) if i == 0 or tasks.tokenizer.decode([i]).startswith("\n")]
    for spec in tasks.specs:
        accuracy, continuous = [], []
        for item, span in zip(tasks.items[spec["id"]], tasks.spans[spec["id"]], strict=True):
            logp, count, right, after = scores[span.start : span.stop].T
            if "text" in item:
                accuracy.append(right[0] / count[0])
                continuous.append(2 ** (logp[0] / np.log(2) / len(item["text"].encode())))
            elif "choices" in item:
                accuracy.append(float(logp.argmax() == item["gold"]))
                p = np.exp(logp - logp.max())
                continuous.append(p[item["gold"]] / p.sum())
            else:
                accuracy.append(float(right[0] == count[0] and int(after[0]) in ends))
                continuous.append(np.exp(logp[0] / count[0]))
        out[spec["id"]] = np.array(accuracy), np.array(continuous)
    return out


class Scorer:
    def __init__(self):
        self.tasks = Tasks()
        self.model = Qwen3().eval()
        (WORK / "scores").mkdir(exist_ok=True)

    def score(self, name: str, weights) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        path = WORK / "scores" / f"{self.tasks.hash}-{name}.npy"
        if not path.exists():
            self.model.load_state_dict(weights())
            np.save(path, score_rows(self.model, self.tasks.rows))
        return task_scores(self.tasks, np.load(path))

    def bits_per_byte(self, name: str, task: str) -> float:
        scores = np.load(WORK / "scores" / f"{self.tasks.hash}-{name}.npy")
        total = sum(scores[span.start, 0] for span in self.tasks.spans[task])
        return -total / np.log(2) / sum(len(item["text"].encode()) for item in self.tasks.items[task])


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    def ranks(v):
        order = np.argsort(v, kind="stable")
        out = np.empty(len(v))
        out[order] = np.arange(len(v))
        for value in np.unique(v):
            out[v == value] = out[v == value].mean()
        return out

    return float(np.corrcoef(ranks(x), ranks(y))[0, 1])


def print_table(scorer: Scorer, names: list[str], results: dict) -> None:
    print(f"{'':24}" + "".join(f"{name:>11}" for name in names))
    for spec in scorer.tasks.specs:
        task = spec["id"]
        if spec["outputType"] == "loglikelihood_rolling":
            print(f"{task + ' bpb':24}" + "".join(f"{scorer.bits_per_byte(name, task):11.4f}" for name in names))
        for i, metric in enumerate((spec["accuracyMetric"], spec["continuousMetric"])):
            print(f"{task + ' ' + metric:24}" + "".join(f"{results[name][task][i].mean():11.4f}" for name in names))


def domain_scores(scorer: Scorer, result, view: int) -> dict[str, float]:
    domains: dict[str, list[float]] = {}
    for spec in scorer.tasks.specs:
        domains.setdefault(spec["domain"], []).append(result[spec["id"]][view].mean())
    return {name: float(np.mean(values)) for name, values in domains.items()}


def compare(label: str, scorer: Scorer, proxies: list, references: list) -> None:
    for view, kind in ((1, "continuous"), (0, "accuracy")):
        p = [domain_scores(scorer, result, view) for result in proxies]
        r = [domain_scores(scorer, result, view) for result in references]
        rho = {d: spearman(np.array([x[d] for x in p]), np.array([x[d] for x in r])) for d in p[0]}
        recovery = np.mean([sum(x[d] for x in p) / sum(x[d] for x in r) for d in p[0]])
        per = {
            s["id"]: spearman(
                np.array([x[s["id"]][view].mean() for x in proxies]), np.array([x[s["id"]][view].mean() for x in references])
            )
            for s in scorer.tasks.specs
        }
        print(
            f"{label:18} {kind:10} n={len(p)} macro {np.nanmean(list(rho.values())):.3f} recovery {recovery:.3f} "
            + " ".join(f"{d} {v:.2f}" for d, v in rho.items())
            + " | "
            + " ".join(f"{t} {v:.2f}" for t, v in per.items())
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="tune", choices=["tune", "report"])
    parser.add_argument("--final", action="store_true", help="leave out the early checkpoints")
    args = parser.parse_args()
    torch.set_num_threads(1)
    scorer = Scorer()
    results = {}
    for name in ("base", *COMPONENTS):
        path = PUBLIC / name / "model.safetensors"
        if path.exists():
            results[name] = scorer.score(name, lambda p=path: load(p))
    print_table(scorer, list(results), results)
    if len(results) <= len(COMPONENTS):
        return
    components = [load(PUBLIC / name / "model.safetensors") for name in COMPONENTS]
    steps = [round(CONTINUED["steps"] * f) for f in FRACTIONS][-1 if args.final else 0 :]
    runs = [r for r in json.loads((ZOO / "runs.json").read_text())["runs"] if r["split"] == args.split]
    runs = [r for r in runs if (WORK / "runs" / r["id"] / str(steps[-1]) / "model.safetensors").exists()]
    if len(runs) < 3:
        return
    proxies = [scorer.score(f"merged-{r['id']}", lambda r=r: merge(r["alpha"], components)) for r in runs]
    by_step = {
        s: [scorer.score(f"{r['id']}-{s}", lambda r=r, s=s: load(WORK / "runs" / r["id"] / str(s) / "model.safetensors")) for r in runs]
        for s in steps
    }
    references = by_step[steps[-1]]
    compare("merged", scorer, proxies, references)
    for s in steps[:-1]:
        compare(f"trained {s}/{steps[-1]}", scorer, by_step[s], references)


if __name__ == "__main__":
    main()
