"""scikit-learn's Gaussian process on √α with fixed hyperparameters → `values/gp.json`.

Kernel: constant · RBF with one length scale per component; noise variance per row is added to the diagonal. Posterior mean
and standard deviation of the latent function (no noise), the log marginal likelihood, and leave-one-out means and deviations
by refitting. `y` is centred by nobody: the prior mean is zero.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

OUT = Path(__file__).resolve().parent / "values" / "gp.json"


def fit(x, y, constant: float, scales, noise) -> GaussianProcessRegressor:
    kernel = ConstantKernel(constant, "fixed") * RBF(scales, "fixed")
    return GaussianProcessRegressor(kernel, alpha=noise, optimizer=None).fit(x, y)


def case(name: str, seed: int, rows: int, parts: int, constant: float, scales, noise_level: float) -> dict:
    rng = np.random.default_rng(seed)
    alpha = rng.dirichlet(np.ones(parts), rows).round(6)
    x = np.sqrt(alpha)
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2 - 0.5 * x[:, -1] + rng.normal(0, np.sqrt(noise_level), rows)
    y = (y - y.mean()).round(6)
    noise = (noise_level * rng.uniform(0.5, 2, rows)).round(9)
    test = rng.dirichlet(np.ones(parts), 12).round(6)
    model = fit(x, y, constant, scales, noise)
    mean, sd = model.predict(np.sqrt(test), return_std=True)
    left = []
    for i in range(rows):
        keep = np.arange(rows) != i
        m, s = fit(x[keep], y[keep], constant, scales, noise[keep]).predict(x[i : i + 1], return_std=True)
        left.append([float(m[0]), float(s[0])])
    return {
        "name": name,
        "alpha": alpha.tolist(),
        "y": y.tolist(),
        "noise": noise.tolist(),
        "constant": constant,
        "lengthScales": list(scales),
        "logMarginalLikelihood": float(model.log_marginal_likelihood_value_),
        "test": test.tolist(),
        "mean": mean.tolist(),
        "sd": sd.tolist(),
        "leaveOneOut": left,
    }


def main() -> None:
    cases = [
        case("five components", 1, 28, 5, 1.3, [0.4, 0.6, 0.8, 1.1, 0.5], 1e-3),
        case("two components", 2, 9, 2, 0.5, [0.3, 0.3], 1e-2),
        case("twelve components, little noise", 3, 40, 12, 2.0, [0.9] * 12, 1e-5),
    ]
    out = {"format": "gp-values", "version": 1, "made": {"scikit-learn": sklearn.__version__}, "cases": cases}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
