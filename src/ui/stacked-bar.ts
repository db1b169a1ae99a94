/** Cumulative positions of the boundaries between neighbours: shares.length − 1 numbers in [0, 1]. */
export function boundaries(shares: readonly number[]): number[] {
  let sum = 0;
  return shares.slice(0, -1).map((s) => {
    sum += s;
    return sum;
  });
}

/** Moves boundary b (between segments b and b + 1) to a position in [0, 1]; the two neighbours exchange, nothing else moves. */
export function moveBoundary(shares: readonly number[], b: number, position: number): number[] {
  const start = shares.slice(0, b).reduce((s, x) => s + x, 0);
  const pair = shares[b]! + shares[b + 1]!;
  const left = Math.min(Math.max(position - start, 0), pair);
  return shares.map((s, i) => (i === b ? left : i === b + 1 ? pair - left : s));
}

/**
 * The boundary that a pointer means: the nearest movable one within `reach`. Where several coincide (segments of share
 * 0 between them) the direction decides, so that the drag always has something to take from.
 */
export function pickBoundary(
  shares: readonly number[],
  position: number,
  reach: number,
  direction: number,
  fixed: readonly boolean[] = [],
): number | null {
  let best: number | null = null;
  let nearest = reach;
  boundaries(shares).forEach((at, b) => {
    if (fixed[b]) return;
    const distance = Math.abs(at - position);
    const tie = best !== null && Math.abs(distance - nearest) < 1e-9;
    if (distance < nearest - 1e-9 || (best === null && distance <= nearest) || (tie && direction > 0)) {
      best = b;
      nearest = distance;
    }
  });
  return best;
}
