import { bootstrapInterval } from "../scoring/bootstrap";
import type { Estimate, TargetId } from "../scoring/measurement";
import { domainTarget } from "../scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../scoring/task";
import { seededRandom } from "../seeded-random";
import { mean, rankAmong } from "./agreement";
import type { BootstrapOptions } from "./consistency";
import { domainScores } from "./domain-scores";

export interface AverageRank {
  /** Mean over domains of the rank among the references; 1 is best, `n` + 1 the worst. */
  readonly average: Estimate;
  readonly perDomain: Readonly<Record<TargetId, number>>;
}

/**
 * Average rank (method §2) of each candidate, a row of item scores, among the references, with an item-bootstrap interval.
 * Ties count half; a candidate that is itself one of the references (the same array) is not compared with itself.
 * `average.n` is the number of references it is compared with.
 */
export function averageRanks(
  layout: TaskSetLayout,
  references: readonly Float32Array[],
  candidates: readonly Float32Array[],
  view: ScoreView,
  { bootstrap, seed }: BootstrapOptions = { bootstrap: 500, seed: 0 },
): AverageRank[] {
  const n = references.length;
  const scores = domainScores(layout, [...references, ...candidates], view);
  const others = candidates.map((candidate) =>
    references.flatMap((reference, i) => (reference === candidate ? [] : [i])),
  );
  const ranks = (values: readonly Float64Array[], c: number) =>
    values.map((v) =>
      rankAmong(
        v[n + c]!,
        others[c]!.map((i) => v[i]!),
      ),
    );
  const random = seededRandom(seed);
  const draws = Array.from({ length: bootstrap }, () => {
    const values = scores.draw(random);
    return candidates.map((_, c) => mean(ranks(values, c)));
  });
  return candidates.map((_, c) => {
    const perDomain = ranks(scores.values, c);
    return {
      average: bootstrapInterval(
        mean(perDomain),
        draws.map((d) => d[c]!),
        others[c]!.length,
      ),
      perDomain: Object.fromEntries(scores.domains.map((d, i) => [domainTarget(d.id), perDomain[i]!])),
    };
  });
}
