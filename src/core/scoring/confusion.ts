import { noEstimate, studentInterval } from "./interval";
import { chosenOf } from "./item-terms";
import type { Estimate } from "./measurement";
import type { TaskLayout } from "./task";

/** counts[right][chosen] over the items scored. */
type Counts = readonly (readonly number[])[];
/** Right and chosen choice of every item scored. */
export type Pairs = readonly (readonly [right: number, chosen: number])[];

export function confusionPairs({ block, facts }: TaskLayout, scores: Float32Array): Pairs {
  const pairs: [number, number][] = [];
  for (const [i, f] of facts.entries()) {
    const at = block.offset + i * block.width;
    const row = scores.subarray(at, at + block.width);
    if (!Number.isNaN(row[0]!) && f.gold >= 0) pairs.push([f.gold, chosenOf(row, f)]);
  }
  return pairs;
}

function countsOf(pairs: Pairs): number[][] {
  const size = pairs.reduce((most, [right, chosen]) => Math.max(most, right + 1, chosen + 1), 2);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [right, chosen] of pairs) counts[right]![chosen]!++;
  return counts;
}

/** F1 of choice 1 (sklearn's binary f1_score) or Matthews correlation. */
export const confusionValue = (metric: "f1" | "mcc", pairs: Pairs): number =>
  (metric === "f1" ? f1 : mcc)(countsOf(pairs));

/** The same over a task's scored items, with a jackknife standard error. */
export function confusionEstimate(metric: "f1" | "mcc", task: TaskLayout, scores: Float32Array): Estimate {
  const pairs = confusionPairs(task, scores);
  const n = pairs.length;
  if (n === 0) return noEstimate(0);
  const counts = countsOf(pairs);
  const of = metric === "f1" ? f1 : mcc;
  const value = of(counts);
  const without: { times: number; value: number }[] = [];
  for (const row of counts)
    for (const [c, times] of row.entries()) {
      if (times === 0) continue;
      row[c] = times - 1;
      without.push({ times, value: of(counts) });
      row[c] = times;
    }
  const mean = without.reduce((sum, { times, value: left }) => sum + (times * left) / n, 0);
  const spread = without.reduce((sum, { times, value: left }) => sum + times * (left - mean) ** 2, 0);
  return studentInterval(value, n > 1 ? Math.sqrt(((n - 1) / n) * spread) : Number.NaN, n);
}

function f1(counts: Counts): number {
  const hit = counts[1]![1]!;
  const missed = counts[1]!.reduce((a, b) => a + b, 0) - hit;
  const wrong = counts.reduce((a, row) => a + row[1]!, 0) - hit;
  return hit === 0 ? 0 : (2 * hit) / (2 * hit + missed + wrong);
}

/** Of any number of classes (Gorodkin 2004); 0 where one side never varies, as sklearn has it. */
function mcc(counts: Counts): number {
  const right = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const chosen = counts.map((_, c) => counts.reduce((a, row) => a + row[c]!, 0));
  const n = right.reduce((a, b) => a + b, 0);
  const hits = counts.reduce((a, row, c) => a + row[c]!, 0);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const scale = Math.sqrt((n * n - dot(chosen, chosen)) * (n * n - dot(right, right)));
  return scale === 0 ? 0 : (hits * n - dot(right, chosen)) / scale;
}
