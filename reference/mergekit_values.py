"""What mergekit's merge methods make of small tensors → `values/mergekit.json`.

Inputs are not stored: they come from a hash that the tests compute too. A result is stored as its SHA-256 where it must be
equal bit by bit, and in any case by values at even distances. Beside the merges there are sums, norms and selections by
torch, whose order of operations the results depend on.

Random masks are not mergekit's: `torch.bernoulli` gives masks of the same hash, so that all that follows can be compared,
and the probabilities that it was asked for are stored.
"""

import base64
import hashlib
import json
import random
from importlib.metadata import version
from pathlib import Path

import mergekit.merge_methods.registry as registry
import numpy as np
import torch
from mergekit.merge_methods.base import TensorGroup

OUT = Path(__file__).resolve().parent / "values" / "mergekit.json"
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
STORED = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}
SAMPLES = 24
SHAPES = [[1], [7], [33], [3, 4, 5], [24, 40], [1000], [97, 11]]
LARGE = [[16385], [130, 129]]
FAMILY = ["task_arithmetic", "ties", "dare_linear", "dare_ties", "breadcrumbs", "breadcrumbs_ties", "della", "della_linear"]
METHODS = ["linear", *FAMILY, "multislerp", "karcher", "slerp", "nuslerp", "sce", "model_stock"]
RANDOM = ["dare_linear", "dare_ties", "della", "della_linear"]
BASED = [*FAMILY, "slerp", "sce", "model_stock"]
MASK_SEED = 1_000_000


def words(seed: int, count: int) -> np.ndarray:
    """32-bit words of a counter: murmur3's finaliser of seed + (i + 1) times the golden ratio."""
    z = (np.arange(1, count + 1, dtype=np.uint64) * 0x9E3779B9 + seed).astype(np.uint32)
    z ^= z >> 16
    z *= np.uint32(0x85EBCA6B)
    z ^= z >> 13
    z *= np.uint32(0xC2B2AE35)
    return z ^ (z >> 16)


def values(seed: int, count: int, exponent: int) -> np.ndarray:
    """Exact float32 numbers: 16 bits in [−1, 1), times 2^(exponent − 0…3)."""
    z = words(seed, count)
    parts = (z >> 16).astype(np.int64) - 2**15
    return np.ldexp(parts.astype(np.float64), exponent - 15 - (z & 3).astype(np.int64)).astype(np.float32)


def tensors(seed: int, count: int, size: int, exponent: int, stored: str) -> list[torch.Tensor]:
    """The base, then components that lie around it."""
    base = values(seed, size, -4)
    moved = [base + values(seed + 1 + k, size, exponent) for k in range(count)]
    return [torch.from_numpy(x).to(STORED[stored]) for x in [base, *moved]]


asked: list[torch.Tensor] = []


def hashed_bernoulli(p: torch.Tensor) -> torch.Tensor:
    asked.append(p)
    bits = words(MASK_SEED + len(asked), p.numel()) < np.uint32(0x9999999A)
    return torch.from_numpy(bits).reshape(p.shape).to(p.dtype)


torch.bernoulli = hashed_bernoulli


def settings(method: str, count: int, draw: random.Random) -> tuple[dict, dict]:
    """Of the merge, and of each model."""
    merge: dict = {}
    own: dict = {}
    pick = lambda options: draw.choice(options)
    each = lambda options: [draw.choice(options) for _ in range(count)]
    share = [draw.randint(1, 1000) for _ in range(count)]
    if method not in ("karcher", "slerp", "sce", "model_stock"):
        total = sum(share)
        own["weight"] = pick([[s / total for s in share], [s / 500 for s in share], [1.0] * count])
        if method in ("linear", "task_arithmetic", "ties") and draw.random() < 0.2:
            own["weight"] = [0.9 - s / 600 for s in share]
    if method in FAMILY or method == "linear":
        merge["normalize"] = pick([False, True])
    if method in FAMILY:
        merge["lambda"] = pick([1.0, 1.0, 0.7, 1.3])
    if method in FAMILY and method != "task_arithmetic":
        merge["rescale"] = method in RANDOM and pick([True, True, False]) or pick([False, False, False, True])
        own["density"] = each([0.2, 0.5, 0.53, 0.9, 1.0, 0.0])
    if "della" in method:
        own["density"] = each([0.3, 0.5, 0.7, 1.0])
        own["epsilon"] = each([0.15, 0.1, 0.25])
    if "breadcrumbs" in method:
        own["gamma"] = each([0.01, 0.1, 0.0, 0.4])
    if method == "multislerp":
        merge["normalize_weights"] = pick([True, True, False])
    if method == "karcher":
        merge["max_iter"] = pick([10, 1, 0])
    if method == "slerp":
        merge["t"] = pick([0.0, 0.3, 0.5, 0.85, 1.0])
    if method == "nuslerp":
        merge["nuslerp_flatten"] = pick([True, False, False])
        merge["nuslerp_row_wise"] = pick([True, False])
    if method == "sce":
        merge["select_topk"] = pick([1.0, 0.5, 0.1, 0.9, 0.0])
    if method == "model_stock":
        merge["filter_wise"] = pick([True, False])
    return merge, own


def digest(tensor: torch.Tensor) -> str:
    return hashlib.sha256(tensor.float().contiguous().numpy().tobytes()).hexdigest()[:24]


def sample(tensor: torch.Tensor) -> str:
    flat = tensor.float().reshape(-1)
    step = max(1, flat.numel() // SAMPLES)
    return base64.b64encode(flat[::step].contiguous().numpy().tobytes()).decode()


def probabilities(method: str, inputs: list[torch.Tensor]) -> list:
    """Asked-for probabilities: one for dare; a digest for della where no two magnitudes of a row are equal, else null."""
    if "dare" in method:
        return [float(p.reshape(-1)[0]) for p in asked]
    return [digest(p) for p in asked] if len(asked) == len(inputs) - 1 and distinct(inputs) else []


def distinct(inputs: list[torch.Tensor]) -> bool:
    for tensor in inputs[1:]:
        delta = (tensor - inputs[0]).abs().float()
        rows = delta.reshape(1, -1) if delta.ndim < 2 else delta.movedim(1, -1).reshape(-1, delta.shape[1])
        if any(len(torch.unique(row)) < len(row) for row in rows):
            return False
    return True


def case(method: str, precision: str, shape: list[int], index: int) -> dict | None:
    """None where mergekit makes NaN: Multi-SLERP of parallel tensors in float16, where eps is 0."""
    draw = random.Random(f"{method} {precision} {shape} {index}")
    count = {"slerp": 1, "nuslerp": 2}.get(method, [2, 3, 7][index % 3])
    stored = draw.choice(["F32", "BF16", "F16"]) if precision == "float32" else {"bfloat16": "BF16", "float16": "F16"}[precision]
    exponent = draw.choice([-4, -6, -8])
    based = method in BASED or (method in ("multislerp", "nuslerp") and draw.random() < 0.5)
    merge, own = settings(method, count, draw)
    seed = draw.randint(0, 2**31)
    size = int(np.prod(shape))
    base, *moved = [t.reshape(shape) for t in tensors(seed, count, size, exponent, stored)]
    ids = [f"c{k}" for k in range(count)]
    group = TensorGroup.from_tensors(
        [*moved, *([base] if based else [])],
        ids=[*ids, *(["base"] if based else [])],
        base_index=count if based else None,
    )
    parameters = {**merge, **{name: dict(zip(ids, values)) for name, values in own.items()}}
    asked.clear()
    (result,) = registry.get(method)((group,), parameters=parameters, dtype=DTYPES[precision])
    assert result.shape == base.shape
    if not result.isfinite().all():
        return None
    made = {
        "method": method,
        "precision": precision,
        "shape": shape,
        "count": count,
        "stored": stored,
        "exponent": exponent,
        "seed": seed,
        "based": based,
        "settings": {name: float(value) for name, value in merge.items()},
        "own": own,
        "digest": digest(result),
        "largest": float(result.abs().max()),
        "sample": sample(result),
    }
    if method in RANDOM:
        made["asked"] = probabilities(method, [t.to(DTYPES[precision]) for t in [base, *moved]])
    return made


def cases() -> list[dict]:
    made = []
    for method in METHODS:
        for precision in DTYPES:
            shapes = [*SHAPES, *(LARGE if precision != "float16" else [])]
            for index, shape in enumerate(shapes):
                # mergekit asks for NaN as the probability of an entry that is alone in its row.
                if "della" in method and shape == [1]:
                    continue
                for again in range(1 if shape in LARGE else 2):
                    made.append(case(method, precision, shape, index + again))
    return [row for row in made if row]


def spread(seed: int, count: int) -> np.ndarray:
    """Exact float32 numbers of very different size."""
    z = words(seed, count)
    return np.ldexp((z >> 16).astype(np.float64) - 2**15, -(z & 31).astype(np.int64)).astype(np.float32)


def sums() -> list[dict]:
    made = []
    for precision in ("float32", "bfloat16"):
        for count in (4, 5, 7, 9, 15, 16, 17, 40, 300):
            for length in (1, 3, 7, 9, 33, 100):
                rows = [torch.from_numpy(spread(count * 1000 + k, length)) for k in range(count)]
                total = torch.stack(rows).to(DTYPES[precision]).sum(dim=0)
                made.append({"precision": precision, "count": count, "length": length, "digest": digest(total)})
    return made


def norms() -> list[dict]:
    made = []
    for precision in DTYPES:
        for length in (1, 3, 6, 7, 15, 40, 1003, 200_007):
            x = torch.from_numpy(values(length, length, 0)).to(DTYPES[precision])
            made.append({"precision": precision, "length": length, "norm": float(torch.linalg.vector_norm(x))})
    return made


def totals() -> list[dict]:
    made = []
    for length in (3, 7, 9, 31, 33, 100, 1003, 16_385, 300_033):
        x = torch.from_numpy(spread(length, length))
        made.append({"length": length, "total": float(x.sum()), "row": float(torch.stack([x, x]).sum(-1)[0])})
    return made


def orders() -> list[dict]:
    """Which of equal numbers torch's sorts put first: digests of the sorted places of those that are kept."""
    made = []
    for length in (16, 17, 100, 1000, 20_000):
        for kinds in (1, 3, 50):
            numbers = torch.from_numpy((words(length + kinds, length) % kinds).astype(np.float32))
            for part in (0.01, 0.3, 0.6):
                top = max(1, int(part * length))
                kept = {
                    "descending": torch.argsort(numbers, descending=True)[:top],
                    "ascending": torch.sort(numbers).indices[length // 5 : length // 5 + top],
                    "topk": torch.topk(numbers, top).indices,
                }
                for order, places in kept.items():
                    bits = np.zeros(length, np.float32)
                    bits[places.numpy()] = 1
                    made.append(
                        {"length": length, "kinds": kinds, "top": top, "order": order, "digest": digest(torch.from_numpy(bits))}
                    )
    return made


def main() -> None:
    # Sums over whole tensors in 16 bits depend on the number of threads.
    torch.set_num_threads(1)
    made = {"mergekit": version("mergekit"), "torch": torch.__version__}
    parts = {"cases": cases(), "sums": sums(), "norms": norms(), "totals": totals(), "orders": orders()}
    def listed(rows: list[dict]) -> str:
        return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)

    lines = [f"{json.dumps(name)}: [\n{listed(rows)}\n]" for name, rows in parts.items()]
    head = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in made.items()]
    OUT.write_text("{\n" + ",\n".join([*head, *lines]) + "\n}\n")
    print({name: len(rows) for name, rows in parts.items()}, OUT.stat().st_size)


main()
