/** α, one share per component in the set's order; each ≥ 0, a multiple of 1/GRID, sum exactly 1 on that grid. */
export type Mixture = readonly number[];

/** Mixtures live on a grid of 1e-4 so that equal mixtures have equal content addresses. */
export const GRID = 10_000;

/** Rounds non-negative weights to a Mixture: normalised, then the largest remainders take the missing units. */
export function toMixture(weights: readonly number[]): Mixture {
  if (weights.length === 0) throw new RangeError("toMixture: no components");
  if (weights.some((w) => !Number.isFinite(w) || w < 0))
    throw new RangeError("toMixture: weights must be finite and ≥ 0");
  const total = weights.reduce((a, b) => a + b, 0);
  if (total <= 0) throw new RangeError("toMixture: all weights are 0");
  const exact = weights.map((w) => (w / total) * GRID);
  const units = exact.map(Math.floor);
  let missing = GRID - units.reduce((a, b) => a + b, 0);
  const order = exact
    .map((x, i) => [x - Math.floor(x), i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (let k = 0; missing > 0; k = (k + 1) % order.length, missing--) units[order[k]![1]]! += 1;
  return units.map((u) => u / GRID);
}

/** True when α is a Mixture of k components: right length, on the grid, sum 1 (within half a grid unit). */
export function isMixture(alpha: readonly number[], k: number): boolean {
  if (alpha.length !== k) return false;
  if (alpha.some((a) => !Number.isFinite(a) || a < 0 || a > 1)) return false;
  return Math.abs(alpha.reduce((s, a) => s + Math.round(a * GRID), 0) - GRID) === 0;
}

export const vertex = (i: number, k: number): Mixture =>
  Array.from({ length: k }, (_, j) => (j === i ? 1 : 0));
export const uniform = (k: number): Mixture => toMixture(Array.from({ length: k }, () => 1));

/**
 * Sets component i to `share` and rescales the other unlocked components in proportion (equally when they are all 0).
 * Locked components keep their share; `share` is clamped to what the locked ones leave.
 */
export function withShare(
  alpha: Mixture,
  i: number,
  share: number,
  locked: readonly boolean[] = [],
): Mixture {
  const k = alpha.length;
  const isLocked = (j: number) => j !== i && locked[j] === true;
  const lockedSum = alpha.reduce((s, a, j) => s + (isLocked(j) ? a : 0), 0);
  const free = alpha.map((_, j) => j).filter((j) => j !== i && !isLocked(j));
  const room = Math.max(0, 1 - lockedSum);
  const value = free.length === 0 ? room : Math.min(Math.max(share, 0), room);
  const rest = room - value;
  const freeSum = free.reduce((s, j) => s + alpha[j]!, 0);
  const next = Array.from({ length: k }, (_, j) => {
    if (j === i) return value;
    if (isLocked(j)) return alpha[j]!;
    return freeSum > 0 ? (alpha[j]! / freeSum) * rest : rest / free.length;
  });
  return snap(next, i, isLocked);
}

/** Rounds to the grid keeping component i and the locked ones at their rounded values. */
function snap(weights: number[], i: number, isLocked: (j: number) => boolean): Mixture {
  const keep = weights.map((_, j) => j === i || isLocked(j));
  const units = weights.map((w, j) => (keep[j] ? Math.round(w * GRID) : Math.floor(w * GRID + 1e-9)));
  let missing = GRID - units.reduce((a, b) => a + b, 0);
  const order = weights
    .map((w, j) => [w * GRID - Math.floor(w * GRID + 1e-9), j] as const)
    .filter(([, j]) => !keep[j])
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  if (order.length === 0) {
    units[i]! += missing;
    return units.map((u) => u / GRID);
  }
  const step = Math.sign(missing);
  for (let n = 0; missing !== 0 && n < 4 * order.length * (Math.abs(missing) + 1); n++) {
    const j = order[n % order.length]![1];
    if (units[j]! + step < 0) continue;
    units[j]! += step;
    missing -= step;
  }
  if (missing !== 0) units[i]! += missing;
  return units.map((u) => u / GRID);
}

/**
 * Effective data shares of α (method §1): e_general = β + (1−β)·α_general, e_i = (1−β)·α_i.
 * `general` is the index of the pure general component, or null: then the first entry returned is the general data
 * at β and the components follow.
 */
export function effectiveShares(alpha: Mixture, beta: number, general: number | null): number[] {
  const own = alpha.map((a) => (1 - beta) * a);
  if (general === null) return [beta, ...own];
  return own.map((e, i) => (i === general ? beta + e : e));
}

/** Reads α as percent with one decimal, for labels. */
export const percent = (share: number, digits = 1): string => (share * 100).toFixed(digits);
