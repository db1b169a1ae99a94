import { noEstimate, studentInterval } from "./interval";
import { chosenOf } from "./item-terms";
import type { Estimate } from "./measurement";
import type { TaskLayout } from "./task";

/** counts[right][chosen] over the items scored. */
type Counts = readonly (readonly number[])[];

/** F1 of choice 1 (sklearn's binary f1_score) or Matthews correlation, with a jackknife standard error. */
export function confusionEstimate(metric: "f1" | "mcc", task: TaskLayout, scores: Float32Array): Estimate {
  const { items, width, offset } = task.block;
  const size = Math.max(2, ...task.facts.map((f) => f.tokens.length));
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let n = 0;
  for (let i = 0; i < items; i++) {
    const row = scores.subarray(offset + i * width, offset + (i + 1) * width);
    const facts = task.facts[i]!;
    if (Number.isNaN(row[0]!) || facts.gold < 0) continue;
    counts[facts.gold]![chosenOf(row, facts)]!++;
    n++;
  }
  if (n === 0) return noEstimate(0);
  const of = metric === "f1" ? f1 : mcc;
  const value = of(counts);
  let spread = 0;
  let mean = 0;
  const without: { times: number; value: number }[] = [];
  for (const row of counts)
    for (let c = 0; c < size; c++) {
      const times = row[c]!;
      if (times === 0) continue;
      row[c] = times - 1;
      const left = of(counts);
      row[c] = times;
      without.push({ times, value: left });
      mean += (times * left) / n;
    }
  for (const { times, value: left } of without) spread += times * (left - mean) ** 2;
  return studentInterval(value, n > 1 ? Math.sqrt(((n - 1) / n) * spread) : Number.NaN, n);
}

/** The same value over the items with these indices, an item as often as it is named. */
export function confusionValue(
  metric: "f1" | "mcc",
  task: TaskLayout,
  scores: Float32Array,
  items: readonly number[],
): number {
  const { width, offset } = task.block;
  const size = Math.max(2, ...task.facts.map((f) => f.tokens.length));
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const i of items) {
    const facts = task.facts[i]!;
    if (facts.gold < 0) continue;
    counts[facts.gold]![chosenOf(scores.subarray(offset + i * width, offset + (i + 1) * width), facts)]!++;
  }
  return metric === "f1" ? f1(counts) : mcc(counts);
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
