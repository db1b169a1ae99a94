"""One training run: AdamW, warm-up, cosine decay, bfloat16 matrix products over float32 weights."""

import math
import time
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from model import Qwen3
from sampling import batch, load_tokens, schedule
from settings import BATCH, SEQUENCE

warnings.filterwarnings("ignore", message="Mismatch dtype")


def rate(step: int, steps: int, peak: float, warmup: int, final: float) -> float:
    """Linear warm-up to `peak`, then a cosine down to `final` × peak."""
    if step < warmup:
        return peak * (step + 1) / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return peak * (final + (1 - final) * 0.5 * (1 + math.cos(math.pi * done)))


def save_half(model: Qwen3, path: Path) -> None:
    """The weights rounded to float16, as everything that is evaluated reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file({name: value.detach().half().contiguous() for name, value in model.state_dict().items()}, part, {"format": "pt"})
    part.rename(path)


def load_half(model: Qwen3, path: Path) -> None:
    model.load_state_dict({name: value.float() for name, value in load_file(path).items()})


class Trainer:
    """Holds one compiled model, so that a process trains many runs without compiling again."""

    def __init__(self, threads: int, compiled: bool = True):
        torch.set_num_threads(threads)
        self.tokens = load_tokens()
        self.model = Qwen3()
        self.loss = torch.compile(self._loss) if compiled else self._loss

    def _loss(self, inputs, targets):
        logits = self.model(inputs)
        return F.cross_entropy(logits.float().view(-1, logits.shape[-1]), targets.reshape(-1))

    def train(self, name: str, shares, steps: int, peak: float, warmup: int, final: float, seed: int, at_step) -> None:
        """Trains the model in place; `at_step(done)` is called after every step. Resumable through `state.pt`."""
        plan = schedule(shares, steps, seed, self.tokens)
        matrices = [p for p in self.model.parameters() if p.dim() > 1]
        vectors = [p for p in self.model.parameters() if p.dim() == 1]
        groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
        optimiser = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.95), fused=True)
        first = self.resume(optimiser)
        started, shown, total = time.time(), 0.0, 0.0
        for step in range(first, steps):
            rows = torch.from_numpy(batch(plan, step, self.tokens))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = self.loss(rows[:, :-1].contiguous(), rows[:, 1:].contiguous())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            for group in optimiser.param_groups:
                group["lr"] = rate(step, steps, peak, warmup, final)
            optimiser.step()
            optimiser.zero_grad()
            total = loss.item() if step == first else 0.95 * total + 0.05 * loss.item()
            at_step(step + 1)
            self.remember(optimiser, step + 1)
            if time.time() - shown > 20 or step + 1 == steps:
                shown = time.time()
                pace = (step + 1 - first) / (shown - started)
                left = (steps - step - 1) / pace
                print(
                    f"{name} step {step + 1}/{steps} loss {total:.3f} {pace * BATCH * SEQUENCE / 1e3:.1f}k tok/s {left:.0f} s left",
                    flush=True,
                )

    state_path: Path | None = None
    state_every = 200

    def resume(self, optimiser) -> int:
        """Steps already done by an interrupted run, with its weights and optimiser state."""
        if self.state_path is None or not self.state_path.exists():
            return 0
        state = torch.load(self.state_path)
        self.model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        return state["step"]

    def remember(self, optimiser, done: int) -> None:
        if self.state_path is None or done % self.state_every:
            return
        part = self.state_path.with_suffix(".part")
        torch.save({"model": self.model.state_dict(), "optimiser": optimiser.state_dict(), "step": done}, part)
        part.rename(self.state_path)
