"""Trains the components and references of `zoo/runs.json`, in order, in two processes of one thread each.

Checkpoints: `.work/runs/<id>/<step>/model.safetensors`. Runs that are complete are skipped, so that a killed driver is
simply started again. `--until HH:MM` (UTC) starts no further run after that time; `--only tune` limits the split.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from datetime import datetime, timezone

from settings import COMPONENTS, CONTINUED, FRACTIONS, WORK, ZOO, source_shares

CHECKPOINTS = {round(CONTINUED["steps"] * fraction) for fraction in FRACTIONS}


def all_runs(only: str | None) -> list[dict]:
    runs = json.loads((ZOO / "runs.json").read_text())["runs"]
    return [run for run in runs if only is None or run["split"] == only]


def is_done(run: dict) -> bool:
    return (WORK / "runs" / run["id"] / str(CONTINUED["steps"]) / "model.safetensors").exists()


def claim(run: dict) -> bool:
    """True for the one process that may train this run."""
    try:
        (WORK / "claims" / run["id"]).mkdir(parents=True)
    except FileExistsError:
        return False
    return not is_done(run)


def late(until: str | None) -> bool:
    return until is not None and datetime.now(timezone.utc).strftime("%H:%M") >= until


def work(only: str | None, until: str | None) -> None:
    from trainer import Trainer, load_half, save_half

    trainer = Trainer(threads=1)
    runs = all_runs(only)
    for run in runs:
        if late(until):
            return
        if not claim(run):
            continue
        folder = WORK / "runs" / run["id"]
        load_half(trainer.model, WORK / "runs" / "base" / "final" / "model.safetensors")

        def keep(done: int, folder=folder) -> None:
            if done in CHECKPOINTS:
                save_half(trainer.model, folder / str(done) / "model.safetensors")

        shares = source_shares(dict(zip(COMPONENTS, run["alpha"], strict=True)))
        trainer.train(run["id"], shares, **CONTINUED, seed=run["seed"], at_step=keep)
        print(f"{sum(is_done(r) for r in runs)} of {len(runs)} runs done", flush=True)


def drive(only: str | None, until: str | None) -> int:
    shutil.rmtree(WORK / "claims", ignore_errors=True)
    command = [sys.executable, __file__, "--worker"]
    command += ["--only", only] if only else []
    command += ["--until", until] if until else []
    workers = []
    for _ in range(2):
        workers.append(subprocess.Popen(command))
        time.sleep(2)
    return max(worker.wait() for worker in workers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--only", choices=["component", "tune", "report"])
    parser.add_argument("--until")
    args = parser.parse_args()
    if args.worker:
        work(args.only, args.until)
    else:
        sys.exit(drive(args.only, args.until))


if __name__ == "__main__":
    main()
