"""Writes `zoo/runs.json`: the mixtures, seeds and budgets of every component and reference run."""

import json

import numpy as np

from settings import BETA, COMPONENTS, CONTINUED, CONTINUED_TOKENS, FRACTIONS, ZOO

GRID = 10_000
NAMES = tuple(COMPONENTS)
TUNE, REPORT = 8, 37


def on_grid(share: np.ndarray) -> list[float]:
    """The mixture rounded to ten-thousandths that sum to exactly one (largest remainders)."""
    scaled = share / share.sum() * GRID
    units = np.floor(scaled).astype(int)
    short = GRID - units.sum()
    units[np.argsort(units - scaled, kind="stable")[:short]] += 1
    return [float(u) / GRID for u in units]


def near_vertex(i: int, rng: np.random.Generator) -> np.ndarray:
    own = rng.uniform(0.8, 0.95)
    rest = rng.dirichlet(np.ones(len(NAMES) - 1)) * (1 - own)
    return np.insert(rest, i, own)


def on_edge(rng: np.random.Generator) -> np.ndarray:
    share = np.full(len(NAMES), 0.01)
    i, j = rng.choice(len(NAMES), 2, replace=False)
    part = rng.uniform(0.2, 0.8)
    share[i], share[j] = 0.97 * part, 0.97 * (1 - part)
    return share


def report_mixtures(count: int, rng: np.random.Generator) -> list[list[float]]:
    """Blocks of eight: a vertex's neighbourhood, an edge, a spread-out draw, five uniform draws; the centre first.

    The order inside a block is drawn, so any prefix covers the simplex about as the whole does.
    """
    mixtures = [on_grid(np.ones(len(NAMES)))]
    vertex = 0
    vertices = rng.permutation(len(NAMES))
    while len(mixtures) < count:
        block = [near_vertex(int(vertices[vertex % len(NAMES)]), rng), on_edge(rng), rng.dirichlet(np.full(len(NAMES), 4.0))]
        block += [rng.dirichlet(np.ones(len(NAMES))) for _ in range(5)]
        vertex += 1
        mixtures += [on_grid(block[i]) for i in rng.permutation(8)]
    return mixtures[:count]


def tune_mixtures(count: int, rng: np.random.Generator) -> list[list[float]]:
    spread = [near_vertex(i, rng) for i in (0, 1, 3)] + [on_edge(rng)]
    return [on_grid(share) for share in [*spread, *rng.dirichlet(np.ones(len(NAMES)), count - len(spread))]]


def main() -> None:
    runs = []
    for i, name in enumerate(NAMES):
        alpha = [1.0 if j == i else 0.0 for j in range(len(NAMES))]
        runs.append({"id": name, "split": "component", "alpha": alpha, "seed": 100 + i})
    for i, alpha in enumerate(tune_mixtures(TUNE, np.random.default_rng(20))):
        runs.append({"id": f"tune-{i:02d}", "split": "tune", "alpha": alpha, "seed": 200 + i})
    for i, alpha in enumerate(report_mixtures(REPORT, np.random.default_rng(30))):
        runs.append({"id": f"report-{i:02d}", "split": "report", "alpha": alpha, "seed": 300 + i})
    out = {
        "format": "demix-training",
        "version": 1,
        "components": list(NAMES),
        "beta": BETA,
        "tokens": CONTINUED_TOKENS,
        "steps": CONTINUED["steps"],
        "fractions": list(FRACTIONS),
    }
    lines = ",\n".join(f"    {json.dumps(run)}" for run in runs)
    head = json.dumps(out, indent=2)[:-2]
    (ZOO / "runs.json").write_text(f'{head},\n  "runs": [\n{lines}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
