"""What lm-evaluation-harness 0.4.13 makes of the nine benchmarks: its own task files and functions on other rows, scored by
HFLM (float32, CPU, batch size 1) on the demo base and two components.

    python reference/lm_eval_benchmarks.py                       writes values/benchmarks/lm-eval.json
    python reference/lm_eval_benchmarks.py --data DIR --out FILE  the same on the first LIMIT rows of other files

With `--data` the files of DIR are named after the tasks, as those of reference/benchmarks are; `npx tsx
reference/compare-benchmarks.ts DIR FILE LIMIT` then compares them with the workbench.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_ALLOW_CODE_EVAL"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")

import evaluate  # noqa: E402


class CodeEval:
    """pass@1 as the code_eval metric has it: a candidate, a line break and its tests run without an exception in 3 seconds."""

    def compute(self, references, predictions, k):
        passed = []
        for test, candidates in zip(references, predictions, strict=True):
            for candidate in candidates:
                try:
                    run = subprocess.run(
                        [sys.executable, "-I", "-c", candidate + "\n" + test], capture_output=True, timeout=3
                    )
                    passed.append(run.returncode == 0)
                except subprocess.TimeoutExpired:
                    passed.append(False)
        return {"pass@1": sum(passed) / len(passed)}, {}


# The metric itself is downloaded, and the task files load it at once.
evaluate.load = lambda *_, **__: CodeEval()

import lm_eval  # noqa: E402
from lm_eval.api.task import ConfigurableTask  # noqa: E402
from lm_eval.evaluator import evaluate as run_tasks  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from lm_eval.tasks._yaml_loader import load_yaml  # noqa: E402

HERE = Path(__file__).parent
DEMO = HERE.parent / "public" / "zoo" / "demo"
TASKS = Path(lm_eval.__file__).parent / "tasks"
MODELS = ["base", "code_high", "math_low"]

# Task file, and the file of each split.
FILES = {
    "arc_easy": ("arc/arc_easy.yaml", {"test": "arc_easy.jsonl"}),
    "hellaswag": ("hellaswag/hellaswag.yaml", {"validation": "hellaswag.jsonl"}),
    "winogrande": ("winogrande/default.yaml", {"validation": "winogrande.jsonl"}),
    "piqa": ("piqa/piqa.yaml", {"validation": "piqa.jsonl"}),
    "social_iqa": ("siqa/siqa.yaml", {"validation": "social_iqa.jsonl"}),
    "humaneval": ("humaneval/humaneval.yaml", {"test": "humaneval.jsonl"}),
    "mbpp": ("mbpp/mbpp.yaml", {"test": "mbpp.jsonl"}),
    "gsm8k": ("gsm8k/gsm8k.yaml", {"train": "gsm8k-train.jsonl", "test": "gsm8k-test.jsonl"}),
    "minerva_math": ("minerva_math/minerva_math_algebra.yaml", {"test": "minerva_math-test.jsonl"}),
}


def rows(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    return [hub_row(json.loads(line)) for line in lines if line.strip()]


def hub_row(row):
    """AI2's layout of ARC becomes the Hub's."""
    question = row.get("question")
    if not isinstance(question, dict):
        return row
    choices = {key: [choice[key] for choice in question["choices"]] for key in ("text", "label")}
    return {**row, "question": question["stem"], "choices": choices}


def make_task(name, data, limit, max_gen_toks, scratch):
    path, files = FILES[name]
    config = load_yaml(TASKS / path)
    for key in ("tag", "group"):
        config.pop(key, None)
    for split in ("training_split", "validation_split", "test_split"):
        if config.get(split) not in files:
            config.pop(split, None)
    splits = {}
    for split, file in files.items():
        own = rows(data / file)
        if name == "mbpp":
            shots = {row["task_id"]: {**row, "is_fewshot": True} for row in own if row["task_id"] in (2, 3, 4)}
            config["fewshot_config"] = {"sampler": "first_n", "samples": [shots[i] for i in (2, 3, 4)]}
            own = [row for row in own if 11 <= row["task_id"] <= 510]
        if split == "test" or "train" not in split:
            own = own[:limit]
        splits[split] = str(scratch / f"{name}-{split}.jsonl")
        Path(splits[split]).write_text("".join(json.dumps(row) + "\n" for row in own), encoding="utf-8")
    if name == "minerva_math":
        file = data / "minerva_math-shots.jsonl"
        if file.exists():
            shots = [{**row, "few_shot": "1"} for row in rows(file)]
            config["fewshot_config"] = {"sampler": "first_n", "samples": shots}
        else:
            config["num_fewshot"] = 0
    if "generation_kwargs" in config:
        config["generation_kwargs"] = {**config["generation_kwargs"], "max_gen_toks": max_gen_toks}
    config.pop("dataset_name", None)
    config |= {"task": name, "dataset_path": "json", "dataset_kwargs": {"data_files": splits}}
    task = ConfigurableTask(config=config)
    task.set_fewshot_seed(1234)
    return task


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE / "benchmarks")
    parser.add_argument("--out", type=Path, default=HERE / "values" / "benchmarks" / "lm-eval.json")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--max-gen-toks", type=int, default=24)
    parser.add_argument("--models", nargs="*", default=MODELS)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/demix-benchmarks"))
    parser.add_argument("--no-requests", action="store_true")
    args = parser.parse_args()
    args.scratch.mkdir(parents=True, exist_ok=True)
    names = [n for n, (_, files) in FILES.items() if all((args.data / f).exists() for f in files.values())]
    out = {"maxGenToks": args.max_gen_toks, "tasks": {name: {"scores": {}} for name in names}}
    for model in args.models:
        lm = HFLM(pretrained=str(DEMO / model), device="cpu", dtype="float32", batch_size=1)
        tasks = {
            name: make_task(name, args.data, args.limit, args.max_gen_toks, args.scratch) for name in names
        }
        results = run_tasks(
            lm=lm,
            task_dict={"tasks": tasks, "groups": {}},
            bootstrap_iters=0,
            log_samples=True,
            confirm_run_unsafe_code=True,
        )
        for name in names:
            samples = sorted(results["samples"][name], key=lambda s: s["doc_id"])
            entry = out["tasks"][name]
            by_doc = defaultdict(list)
            for instance in tasks[name].instances:
                by_doc[instance.doc_id].append(instance)
            if not args.no_requests and "requests" not in entry:
                entry["requests"] = [
                    [list(i.args[:1]) if i.request_type == "generate_until" else list(i.args) for i in by_doc[d]]
                    for d in sorted(by_doc)
                ]
            generated = by_doc[0][0].request_type == "generate_until"
            entry["scores"][model] = {
                "items": [
                    [i.resps[0] for i in by_doc[d]][0] if generated else [i.resps[0][0] for i in by_doc[d]]
                    for d in sorted(by_doc)
                ],
                "metrics": {
                    k: v
                    for k, v in results["results"][name].items()
                    if isinstance(v, float) and "stderr" not in k
                },
            }
            if generated:
                keys = [k for k in ("exact_match", "pass@1", "pass_at_1") if k in samples[0]]
                by_filter = defaultdict(list)
                for sample in samples:
                    by_filter[sample.get("filter", "none")].append(float(sample[keys[0]]))
                entry["scores"][model]["right"] = by_filter
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
