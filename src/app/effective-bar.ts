import { effectiveShares } from "../core/mixture/mixture";

/** The bar of effective data shares: the general data stands alone at the left when no component is the general one. */
export interface EffectiveBar {
  readonly shares: readonly number[];
  /** Component of each segment; null for general data that no component stands for. */
  readonly components: readonly (number | null)[];
  /** True where nothing can be exchanged between a segment and the next. */
  readonly fixed: readonly boolean[];
}

export function effectiveBar(
  alpha: readonly number[],
  beta: number,
  general: number | null,
  locked: readonly boolean[] = [],
): EffectiveBar {
  const indices = alpha.map((_, i) => i);
  const components = general === null ? [null, ...indices] : indices;
  const fixed = components.slice(0, -1).map((c, i) => {
    const next = components[i + 1] ?? 0;
    return beta >= 1 || c === null || locked[c] === true || locked[next] === true;
  });
  return { shares: effectiveShares(alpha, beta, general), components, fixed };
}

/**
 * Merge weights whose effective shares are `shares`, after the boundary between segments b and b + 1 moved: the general
 * segment cannot fall below β, and its neighbour gives way.
 */
export function alphaOfEffective(
  shares: readonly number[],
  boundary: number,
  beta: number,
  general: number | null,
): number[] {
  const e = [...shares];
  const first = general === null ? 1 : 0;
  const floor = (segment: number) => (segment - first === general ? beta : 0);
  const pair = (e[boundary] ?? 0) + (e[boundary + 1] ?? 0);
  const left = Math.min(Math.max(e[boundary] ?? 0, floor(boundary)), pair - floor(boundary + 1));
  e[boundary] = left;
  e[boundary + 1] = pair - left;
  return e.slice(first).map((x, i) => Math.max(0, (x - (i === general ? beta : 0)) / (1 - beta)));
}
