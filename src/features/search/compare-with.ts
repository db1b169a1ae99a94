import type { Estimate } from "../../core/scoring/measurement";
import { itemsToSeparate, tied } from "../../core/scoring/paired";
import { count, withInterval } from "../../ui/format";

/** A paired difference in words: "better by 0.42 ±0.10", "tied (+0.02 ±0.15)". */
export function differenceText(difference: Estimate): string {
  if (!Number.isFinite(difference.value)) return "not comparable yet";
  const { value, half } = withInterval(difference, true);
  if (tied(difference)) return `tied (${value} ${half})`;
  return `${difference.value > 0 ? "better" : "worse"} by ${value.replace(/^[+−]/, "")} ${half}`;
}

/** How many items would settle a tie, in words; "" when it is settled or hopeless. */
export function settleText(difference: Estimate): string {
  if (!Number.isFinite(difference.value) || !tied(difference)) return "";
  const items = itemsToSeparate(difference);
  return Number.isFinite(items) && items < 1e6 ? `${count(items)} items would separate them` : "";
}
