"""Speed of lm-evaluation-harness on prepared choice items, driven line by line so that a bench can interleave it.

    python reference/lm_eval_speed.py MODEL ITEMS.json --threads 2

ITEMS.json: {"task": [{"context": str, "choices": [str, ...], "gold": int}, ...], ...}. Every line read, "TASK BATCH_SIZE",
is answered by one line of JSON: the items, the seconds of `evaluate` (requests built, tokenised, scored, metrics), the
seconds inside `HFLM.loglikelihood`, those of the processors, and acc. The model is loaded once a batch size, in float32; loading is not counted.
"""

import argparse
import json
import os
import sys
import tempfile
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("items")
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(args.threads)

# What the libraries print must not get between the answers.
answers = os.dup(1)
os.dup2(2, 1)

import datasets  # noqa: E402
import torch  # noqa: E402
from lm_eval.evaluator import evaluate  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from lm_eval.tasks import get_task_dict  # noqa: E402

torch.set_num_threads(args.threads)
datasets.disable_progress_bars()
with open(args.items, encoding="utf-8") as f:
    tasks = json.load(f)

models = {}


def model(batch_size):
    """The model with this batch size, with the time of its loglikelihood calls."""
    if batch_size not in models:
        lm = HFLM(pretrained=args.model, dtype="float32", device="cpu", batch_size=batch_size)
        plain = lm.loglikelihood

        def timed(requests, disable_tqdm=False):
            start = time.perf_counter()
            try:
                return plain(requests, disable_tqdm=True)
            finally:
                lm.seconds = time.perf_counter() - start

        lm.loglikelihood = timed
        models[batch_size] = lm
    return models[batch_size]


def run(name, batch_size, folder):
    path = os.path.join(folder, f"{name}.jsonl")
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(item) + "\n" for item in tasks[name])
    config = {
        "task": name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": path}, "cache_dir": os.path.join(folder, "cache")},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "context",
        "doc_to_choice": "choices",
        "doc_to_target": "gold",
        "target_delimiter": "",
        "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    }
    task = get_task_dict([config])
    lm = model(batch_size)
    start, cpu = time.perf_counter(), time.process_time()
    results = evaluate(lm, task, bootstrap_iters=0, log_samples=False)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    acc = results["results"][name]["acc,none"]
    return {"items": len(tasks[name]), "seconds": seconds, "model": lm.seconds, "cpu": cpu, "acc": acc}


with tempfile.TemporaryDirectory() as folder:
    for line in sys.stdin:
        name, batch_size = line.split()
        os.write(answers, (json.dumps(run(name, int(batch_size), folder)) + "\n").encode())
