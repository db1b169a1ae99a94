import type { Mixture } from "../../core/mixture/mixture";
import { topQuarterSize } from "../../core/rank/agreement";
import type { Estimate, TargetId } from "../../core/scoring/measurement";
import type { ScoreTable } from "../../core/scoring/score-table";
import { descending, places } from "./slope-order";

/** A mixture with its two scores on one target, as the scatter and the slope chart draw it. */
export interface RankPoint {
  readonly id: string;
  readonly alpha: Mixture;
  /** Equal for equal mixtures. */
  readonly key: string;
  readonly proxy: Estimate;
  readonly reference: Estimate;
  /** 1 = best. */
  readonly proxyPlace: number;
  readonly referencePlace: number;
  /** Among the best quarter by reference. */
  readonly top: boolean;
}

export const mixtureKey = (alpha: Mixture): string => alpha.join(" ");

/** Points of one target, in the rows' order. */
export function rankPoints(
  rows: readonly { readonly id: string; readonly alpha: Mixture }[],
  proxies: readonly ScoreTable[],
  references: readonly ScoreTable[],
  target: TargetId,
): RankPoint[] {
  const proxy = proxies.map((t) => t[target]!);
  const reference = references.map((t) => t[target]!);
  const proxyPlace = places(descending(proxy.map((e) => e.value)));
  const referencePlace = places(descending(reference.map((e) => e.value)));
  const top = topQuarterSize(rows.length);
  return rows.map(({ id, alpha }, i) => ({
    id,
    alpha,
    key: mixtureKey(alpha),
    proxy: proxy[i]!,
    reference: reference[i]!,
    proxyPlace: proxyPlace[i]! + 1,
    referencePlace: referencePlace[i]! + 1,
    top: referencePlace[i]! < top,
  }));
}

/** Ends of an axis over the values, with a margin on both sides. */
export function axisEnds(values: readonly number[], margin = 0.06): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const pad = margin * (high - low || Math.abs(high) || 1);
  return [low - pad, high + pad];
}
