"""Trains the base model on the general blend → `.work/runs/base/final/model.safetensors`. Run again to resume."""

import sys

from model import initialise
from settings import BASE, GENERAL_BLEND, WORK
from trainer import Trainer, save_half


def main() -> None:
    folder = WORK / "runs" / "base"
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / "final" / "model.safetensors"
    if final.exists():
        return
    trainer = Trainer(threads=int(sys.argv[1]) if len(sys.argv) > 1 else 2)
    trainer.state_path = folder / "state.pt"
    initialise(trainer.model, BASE["seed"])
    trainer.train("base", GENERAL_BLEND, **BASE, at_step=lambda done: None)
    save_half(trainer.model, final)


if __name__ == "__main__":
    main()
