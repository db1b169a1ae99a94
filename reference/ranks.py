"""SciPy's values for rank metrics → `values/ranks.json`: ρ with ties and undefined ρ, top-25 % ρ, recovery, average rank."""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import rankdata, spearmanr

OUT = Path(__file__).resolve().parent / "values" / "ranks.json"


def rho(x, y) -> float | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(spearmanr(x, y).statistic)
    return None if np.isnan(value) else value


def top_rho(proxy, reference) -> float | None:
    """ρ on the max(2, ⌊n/4⌋) entries of highest reference score; equal scores keep their order."""
    k = max(2, len(proxy) // 4)
    best = np.argsort(-reference, kind="stable")[:k]
    return rho(proxy[best], reference[best])


def pair(name: str, proxy, reference) -> dict:
    proxy, reference = np.asarray(proxy, float), np.asarray(reference, float)
    return {
        "name": name,
        "proxy": proxy.tolist(),
        "reference": reference.tolist(),
        "rho": rho(proxy, reference),
        "topRho": top_rho(proxy, reference),
        "recovery": float(proxy.sum() / reference.sum()),
        "proxyRanks": rankdata(proxy).tolist(),
        "referenceRanks": rankdata(reference).tolist(),
    }


def main() -> None:
    rng = np.random.default_rng(5)
    truth = rng.normal(0.5, 0.05, 40).round(4)
    cases = [
        pair("noisy", (truth + rng.normal(0, 0.03, 40)).round(4), truth),
        pair("ties in both", rng.integers(0, 5, 24) / 4, rng.integers(1, 6, 24) / 5),
        pair("ties in proxy", np.round(truth[:16], 1), truth[:16]),
        pair("constant proxy", np.full(8, 0.3), truth[:8]),
        pair("reversed", truth[:9], 1 - truth[:9]),
        pair("three", [0.1, 0.3, 0.2], [1, 2, 3]),
        pair("seven, top two", [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.6], [1, 2, 3, 4, 5, 6, 7]),
    ]
    scores = rng.normal(size=(3, 10)).round(3)
    scores[1, 4] = scores[1, 7]
    domain_ranks = np.stack([rankdata(-row) for row in scores])
    average = {"scores": scores.tolist(), "ranks": domain_ranks.tolist(), "averageRank": domain_ranks.mean(0).tolist()}
    out = {"format": "rank-values", "version": 1, "made": {"scipy": scipy.__version__}, "pairs": cases, "averageRank": average}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
