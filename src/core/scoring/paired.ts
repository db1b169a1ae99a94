import { noEstimate, student95, studentInterval, Z95 } from "./interval";
import { type ItemTerms, itemTerms, link, linkSlope } from "./item-terms";
import type { Estimate } from "./measurement";
import { aggregate, type ScoreTable, viewMetric } from "./score-table";
import type { MetricId, ScoreView, TaskLayout, TaskSetLayout } from "./task";

/** Whether every item's term is 0 or 1, as right and wrong are. */
const isYesNo = ({ numerator, denominator }: ItemTerms, items: readonly number[]): boolean =>
  items.every((i) => denominator[i] === 1 && (numerator[i] === 0 || numerator[i] === 1));

/**
 * a − b for every target, on the items that both rows have scored. Items are paired, so what makes an item hard cancels:
 * the interval is narrower than that of two separate scores. `n` counts the common items.
 */
export function pairedDifference(
  layout: TaskSetLayout,
  a: Float32Array,
  b: Float32Array,
  view: ScoreView,
): ScoreTable {
  return aggregate(layout, (task) => taskDifference(viewMetric(task.spec, view), task, a, b));
}

/** True when the interval of a difference holds 0, or there is none: to be called "tied", in words. */
export const tied = (difference: Estimate): boolean => !(difference.low > 0 || difference.high < 0);

/**
 * Items in all (not more items) at which a difference of this size and spread would leave 0 outside its 95 % interval.
 * Infinity when the difference is 0; NaN without an interval.
 */
export function itemsToSeparate(difference: Estimate): number {
  const half = (difference.high - difference.low) / 2;
  if (Number.isNaN(half)) return Number.NaN;
  if (difference.value === 0) return Number.POSITIVE_INFINITY;
  const z = (half / student95(difference.n - 1)) * Z95;
  return Math.max(2, Math.ceil(difference.n * (z / difference.value) ** 2));
}

function taskDifference(metric: MetricId, task: TaskLayout, a: Float32Array, b: Float32Array): Estimate {
  const left = itemTerms(metric, task, a);
  const right = itemTerms(metric, task, b);
  const common: number[] = [];
  for (let i = 0; i < task.block.items; i++) {
    if (!Number.isNaN(left.numerator[i]!) && !Number.isNaN(right.numerator[i]!)) common.push(i);
  }
  const n = common.length;
  const sum = (values: Float64Array) => common.reduce((s, i) => s + values[i]!, 0);
  const size = sum(left.denominator);
  if (n === 0 || size === 0) return noEstimate(n);
  const ratioA = sum(left.numerator) / size;
  const ratioB = sum(right.numerator) / size;
  const value = link(metric, ratioA) - link(metric, ratioB);
  if (isYesNo(left, common) && isYesNo(right, common))
    return yesNoDifference(value, common, left.numerator, right.numerator);
  const slopeA = linkSlope(metric, ratioA);
  const slopeB = linkSlope(metric, ratioB);
  let squares = 0;
  for (const i of common) {
    const fromA = slopeA * (left.numerator[i]! - ratioA * left.denominator[i]!);
    const fromB = slopeB * (right.numerator[i]! - ratioB * right.denominator[i]!);
    squares += (fromA - fromB) ** 2;
  }
  return studentInterval(value, n > 1 ? Math.sqrt((n / (n - 1)) * squares) / size : Number.NaN, n);
}

/** Paired proportions after Bonett and Price (2012): one is added to each discordant count, so no width is ever 0. */
function yesNoDifference(value: number, common: number[], a: Float64Array, b: Float64Array): Estimate {
  const n = common.length;
  const t = student95(n - 1);
  const better = (1 + common.filter((i) => a[i]! > b[i]!).length) / (n + 2);
  const worse = (1 + common.filter((i) => a[i]! < b[i]!).length) / (n + 2);
  const centre = better - worse;
  const half = t * Math.sqrt((better + worse - centre ** 2) / (n + 2));
  return {
    value,
    low: Math.max(-1, Math.min(value, centre - half)),
    high: Math.min(1, Math.max(value, centre + half)),
    n,
  };
}
