"""Which window of which source every training sequence is, decided in advance by a seed."""

import numpy as np

from settings import BATCH, SEQUENCE, SOURCES, WORK

WINDOW = SEQUENCE + 1


def load_tokens() -> dict[str, np.ndarray]:
    return {source: np.load(WORK / "tokens" / f"{source}.npy") for source in SOURCES}


def source_order(shares: dict[str, float], count: int) -> list[str]:
    """The source of each of `count` sequences: always the one furthest behind its share, so counts never stray by one."""
    given = {source: 0 for source in SOURCES}
    order = []
    for done in range(1, count + 1):
        source = max(SOURCES, key=lambda name: shares[name] * done - given[name])
        given[source] += 1
        order.append(source)
    return order


def windows(length: int, rng: np.random.Generator):
    """Starts of windows without overlap in a random order; each pass over the source has another offset."""
    while True:
        offset = int(rng.integers(0, WINDOW))
        starts = np.arange(offset, length - WINDOW + 1, WINDOW)
        rng.shuffle(starts)
        yield from starts.tolist()


def schedule(shares: dict[str, float], steps: int, seed: int, tokens: dict[str, np.ndarray]) -> list[tuple[str, int]]:
    """(source, start) of every sequence of a run, steps × BATCH of them."""
    rng = np.random.default_rng(seed)
    streams = {source: windows(len(tokens[source]), np.random.default_rng([seed, i])) for i, source in enumerate(SOURCES)}
    order = source_order(shares, steps * BATCH)
    # A run's sequences are exchanged inside stretches of ten batches, so that batches are not periodic.
    for at in range(0, len(order), 10 * BATCH):
        part = order[at : at + 10 * BATCH]
        rng.shuffle(part)
        order[at : at + 10 * BATCH] = part
    return [(source, next(streams[source])) for source in order]


def batch(plan: list[tuple[str, int]], step: int, tokens: dict[str, np.ndarray]) -> np.ndarray:
    """Tokens of one step, int64 [BATCH, SEQUENCE + 1]."""
    rows = plan[step * BATCH : (step + 1) * BATCH]
    return np.stack([tokens[source][start : start + WINDOW] for source, start in rows]).astype(np.int64)
