"""Merges of random tensors by mergekit, for `random-merges.ts` to compare with: `random_merges.py FOLDER SEED`.

Writes `cases.json`, and for each case its inputs, its result in float32 and the masks that torch drew. Shapes such as 2048x3000
replace the usual ones. The number of torch's threads is that of OMP_NUM_THREADS. Takes 700 MB with the usual shapes.
"""

import argparse
import json
import math
import random
from pathlib import Path

import mergekit.merge_methods.registry as registry
import numpy as np
import torch
from mergekit.merge_methods.base import TensorGroup

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
NAMES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}
SMALL = "1 3 7 16 33 64x65 1000 128x96 5x3 1x40 40x1 16384 16385 300x129 4x6x5".split()
LARGE = "1024x300 70001".split()
FAMILY = {"task_arithmetic", "ties", "dare_linear", "dare_ties", "breadcrumbs", "breadcrumbs_ties", "della", "della_linear"}
METHODS = ["linear", *sorted(FAMILY), "multislerp", "karcher", "slerp", "nuslerp", "sce", "model_stock"]

masks: list[np.ndarray] = []
bernoulli = torch.bernoulli


def recording(p: torch.Tensor) -> torch.Tensor:
    mask = bernoulli(p)
    masks.append(np.packbits(mask.reshape(-1).bool().numpy(), bitorder="little"))
    return mask


def raw(tensor: torch.Tensor) -> bytes:
    kind = torch.int32 if tensor.dtype == torch.float32 else torch.int16
    return tensor.contiguous().view(kind).numpy().tobytes()


def weights(count: int, draw: random.Random) -> list[float]:
    parts = [draw.random() for _ in range(count)]
    kind = draw.choice(["shares", "positive", "ones", "signed"])
    return {
        "shares": [x / sum(parts) for x in parts],
        "positive": parts,
        "ones": [1.0] * count,
        "signed": [2 * x - 0.7 for x in parts],
    }[kind]


def settings(method: str, count: int, draw: random.Random) -> tuple[dict, dict]:
    merge: dict = {}
    own: dict = {}
    each = lambda make: [make() for _ in range(count)]
    if method not in ("karcher", "slerp", "sce", "model_stock"):
        own["weight"] = weights(count, draw)
    if method == "linear" or (method in FAMILY and draw.random() < 0.6):
        merge["normalize"] = draw.choice([True, False])
    if method in FAMILY and draw.random() < 0.5:
        merge["lambda"] = draw.choice([0.7, 1.3, -0.5, 0.0])
    if method in FAMILY and method != "task_arithmetic":
        if draw.random() < 0.6:
            merge["rescale"] = draw.choice([True, False])
        own["density"] = each(lambda: draw.choice([draw.random(), draw.random(), 0.5, 0.9, 1.0, 0.0]))
    if "breadcrumbs" in method:
        own["gamma"] = each(lambda: draw.choice([0.01, 0.1, 0.0, draw.random()]))
    if "della" in method:
        own["density"] = each(lambda: 0.2 + 0.6 * draw.random())
        own["epsilon"] = each(lambda: draw.choice([0.15, 0.1, 0.05]))
    if method == "multislerp" and draw.random() < 0.5:
        merge["normalize_weights"] = draw.choice([True, False])
    if method == "karcher" and draw.random() < 0.5:
        merge["max_iter"] = draw.choice([1, 3, 20])
    if method == "slerp":
        merge["t"] = draw.choice([draw.random(), draw.random(), 0.0, 0.5, 1.0])
    if method == "nuslerp":
        merge = {name: draw.choice([True, False]) for name in ("nuslerp_row_wise", "nuslerp_flatten")}
    if method == "sce":
        merge["select_topk"] = draw.choice([1.0, draw.random(), draw.random(), 0.5, 0.1, 0.0])
    if method == "model_stock":
        merge["filter_wise"] = draw.choice([True, False])
    return merge, own


def merge_case(folder: Path, index: int, method: str, precision: str, shape: list[int], draw: random.Random) -> dict:
    dtype = DTYPES[precision]
    count = {"slerp": 1, "nuslerp": 2}.get(method) or draw.choice([1, 2, 3, 7, draw.choice([2, 12, 20])])
    count = max(count, 2) if method == "model_stock" else count
    stored = draw.choice(list(NAMES)) if precision == "float32" else draw.choice([dtype, dtype, torch.float32])
    base = torch.randn(shape) * 0.05
    spread = draw.choice([0.002, 0.02, 0.2])
    tensors = [(base + torch.randn(shape) * spread).to(stored) for _ in range(count)]
    based = method in FAMILY or method in ("slerp", "sce", "model_stock")
    if based or (method in ("multislerp", "nuslerp") and draw.random() < 0.5):
        tensors.append(base.to(stored))
    merge, own = settings(method, count, draw)
    ids = [*(f"c{k}" for k in range(count)), "base"][: len(tensors)]
    group = TensorGroup.from_tensors(tensors, ids=ids, base_index=count if len(tensors) > count else None)
    parameters = {**merge, **{name: dict(zip(ids, values)) for name, values in own.items()}}
    masks.clear()
    error = None
    try:
        (result,) = registry.get(method)((group,), parameters=parameters, dtype=dtype)
        (folder / f"{index}.out").write_bytes(raw(result.float()))
    except ValueError as problem:
        error = str(problem)
    (folder / f"{index}.in").write_bytes(b"".join(map(raw, tensors)))
    (folder / f"{index}.mask").write_bytes(b"".join(mask.tobytes() for mask in masks))
    return {
        "method": method,
        "precision": precision,
        "shape": shape,
        "count": count,
        "stored": NAMES[stored],
        "based": len(tensors) > count,
        "settings": {name: float(value) for name, value in merge.items()},
        "own": own,
        "error": error,
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("seed", type=int)
    options.add_argument("--shapes", nargs="*")
    options.add_argument("--methods", nargs="*", default=METHODS)
    options.add_argument("--repeats", type=int, default=6)
    given = options.parse_args()
    given.folder.mkdir(parents=True)
    draw = random.Random(given.seed)
    torch.manual_seed(given.seed)
    torch.bernoulli = recording
    cases = []
    for method in given.methods:
        for precision in DTYPES:
            for repeat in range(given.repeats):
                for name in given.shapes or [*SMALL, *(LARGE if repeat == 0 else [])]:
                    shape = [int(part) for part in name.split("x")]
                    # mergekit asks for NaN as the probability of an entry that is alone in its row.
                    if "della" in method and (math.prod(shape) == 1 or shape[1:2] == [1]):
                        continue
                    cases.append(merge_case(given.folder, len(cases), method, precision, shape, draw))
    (given.folder / "cases.json").write_text(json.dumps(cases))
    print(len(cases), "merges,", torch.get_num_threads(), "threads")


main()
