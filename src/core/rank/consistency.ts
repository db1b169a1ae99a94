import { bootstrapInterval } from "../scoring/bootstrap";
import type { Estimate, TargetId } from "../scoring/measurement";
import { domainTarget, MACRO } from "../scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../scoring/task";
import { seededRandom } from "../seeded-random";
import { macroRho, mean, recovery, topQuarterRho, topQuarterSize } from "./agreement";
import { domainScores } from "./domain-scores";
import { spearman } from "./spearman";

/**
 * How well proxies rank like references on one target (method §2). The intervals come from resampling benchmark items and
 * say nothing about other mixtures; `n` of an estimate is the number of mixtures that ρ is taken over.
 */
export interface ConsistencyRow {
  readonly target: TargetId;
  readonly label: string;
  /** Mixtures. */
  readonly mixtures: number;
  /** NaN where undefined (constant scores); counted as 0 in the macro average. */
  readonly rho: Estimate;
  readonly top25: Estimate;
  readonly recovery: Estimate;
}

export interface Consistency {
  /** Macro average first, then the domains in order. */
  readonly rows: readonly ConsistencyRow[];
  readonly mixtures: number;
  /** Items that every proxy and reference has scored. */
  readonly items: number;
}

export interface BootstrapOptions {
  readonly bootstrap: number;
  readonly seed: number;
}

interface Figures {
  readonly rho: number;
  readonly top25: number;
  readonly recovery: number;
}

/** ρ, top-25 % ρ and recovery of proxies[i] against references[i], per domain and macro, with paired-bootstrap intervals. */
export function consistency(
  layout: TaskSetLayout,
  proxies: readonly Float32Array[],
  references: readonly Float32Array[],
  view: ScoreView,
  { bootstrap, seed }: BootstrapOptions = { bootstrap: 500, seed: 0 },
): Consistency {
  const n = references.length;
  if (proxies.length !== n) throw new RangeError(`consistency: ${proxies.length} proxies, ${n} references`);
  const scores = domainScores(layout, [...proxies, ...references], view);
  const random = seededRandom(seed);
  const value = figures(scores.values, n);
  const draws = Array.from({ length: bootstrap }, () => figures(scores.draw(random), n));
  const labels = [
    { target: MACRO, label: "Macro average" },
    ...scores.domains.map((d) => ({ target: domainTarget(d.id), label: d.label })),
  ];
  const estimate = (row: number, of: keyof Figures, size: number) =>
    bootstrapInterval(
      value[row]![of],
      draws.map((d) => d[row]![of]),
      size,
    );
  const rows = labels.map(({ target, label }, row) => ({
    target,
    label,
    mixtures: n,
    rho: estimate(row, "rho", n),
    top25: estimate(row, "top25", Math.min(n, topQuarterSize(n))),
    recovery: estimate(row, "recovery", n),
  }));
  return { rows, mixtures: n, items: scores.items };
}

/** Macro first, then the domains; `values` holds n proxies, then n references per domain. */
function figures(values: readonly Float64Array[], n: number): Figures[] {
  const domains = values.map((v) => {
    const proxy = v.subarray(0, n);
    const reference = v.subarray(n);
    return {
      rho: spearman(proxy, reference),
      top25: topQuarterRho(proxy, reference),
      recovery: recovery(proxy, reference),
    };
  });
  const macro = {
    rho: macroRho(domains.map((d) => d.rho)),
    top25: macroRho(domains.map((d) => d.top25)),
    recovery: mean(domains.map((d) => d.recovery)),
  };
  return [macro, ...domains];
}
