"""Writes checkpoints in Hugging Face form to `public/zoo/demo/`, or a random set to `.work/random-set/` (--random)."""

import json
import shutil
import sys
from pathlib import Path

import torch

from model import Qwen3, initialise
from settings import COMPONENTS, CONFIG, CONTINUED, PUBLIC, WORK
from trainer import load_half, save_half


def export(model: Qwen3, folder: Path) -> None:
    """One model: config.json, generation_config.json, model.safetensors (float16), tokenizer files."""
    folder.mkdir(parents=True, exist_ok=True)
    save_half(model, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    generation = {"bos_token_id": 0, "do_sample": False, "eos_token_id": 0, "pad_token_id": 0}
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(WORK / "tokenizer" / name, folder / name)


def export_random() -> None:
    base = initialise(Qwen3(), 3)
    export(base, WORK / "random-set" / "base")
    for i, name in enumerate(("general", "code_high")):
        moved = initialise(Qwen3(), 4 + i)
        with torch.no_grad():
            for value, start in zip(moved.parameters(), base.parameters(), strict=True):
                value.copy_(start if value.dim() == 1 else start + 0.05 * value)
        export(moved, WORK / "random-set" / name)


def main() -> None:
    if "--random" in sys.argv:
        export_random()
        return
    model = Qwen3()
    for name in ("base", *COMPONENTS):
        folder = WORK / "runs" / name / ("final" if name == "base" else str(CONTINUED["steps"]))
        if not (folder / "model.safetensors").exists():
            print(f"{name}: not trained yet")
            continue
        load_half(model, folder / "model.safetensors")
        export(model, PUBLIC / name)
        print(f"{name}: exported")


if __name__ == "__main__":
    main()
