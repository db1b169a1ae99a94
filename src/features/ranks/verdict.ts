import type { Estimate } from "../../core/scoring/measurement";
import { correlation } from "../../ui/format";
import { correlationInterval } from "../../ui/interval-text";
import { tokensText } from "../../ui/quantity";
import { type BudgetCurve, type BudgetPoint, cheapestEqual, nearestBudget } from "./budget-curve";

/** Spread of ρ without any relation: 1 / √(n − 1). */
export const nullSpread = (n: number): number => (n > 1 ? 1 / Math.sqrt(n - 1) : Number.NaN);

const figure = ({ value, band }: BudgetPoint): string => {
  const e: Estimate = { value, low: band?.[0] ?? Number.NaN, high: band?.[1] ?? Number.NaN, n: 0 };
  return `${correlation(value)} ${correlationInterval(e)}`.trim();
};

/** The page's answer in two or three sentences, from the macro ρ against tokens. */
export function verdict(curve: BudgetCurve, n: number): string {
  const { merged } = curve;
  if (!merged) return "";
  const near = nearestBudget(curve);
  const equal = cheapestEqual(curve);
  const first = `On ${n} mixtures, merged proxies reach a macro ρ of ${figure(merged)} for ${tokensText(merged.tokens)} trained tokens in all.`;
  if (!near) return first;
  const second = ` Trained proxies reach ${figure(near)} for ${tokensText(near.tokens)}`;
  const third = equal
    ? equal === near
      ? ", no less than merging."
      : ` and need ${tokensText(equal.tokens)} to reach as much (${figure(equal)}).`
    : " and do not reach as much at any budget tried.";
  return first + second + third;
}
