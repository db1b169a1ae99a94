import { spoken } from "../ui/format";
import type { JournalBar } from "./journal-bars";

const ORIGINS = { measured: "measured here", shipped: "shipped with the set", imported: "imported" } as const;

/** Where a measurement comes from. */
export const originWords = (bar: JournalBar): string => ORIGINS[bar.measurement.origin];

/** "all 1,128 items", "120 of 1,128 items". */
export function itemWords({ measurement: { done, total } }: JournalBar): string {
  const all = total.toLocaleString("en");
  return done >= total ? `all ${all} items` : `${done.toLocaleString("en")} of ${all} items`;
}

/** What a screen reader says of a bar. */
export function barWords(bar: JournalBar, label: string): string {
  const { subject } = bar.measurement.key;
  const what =
    subject.kind === "base"
      ? "Base"
      : `Mixture ${subject.alpha.map((a) => `${Math.round(a * 100)}`).join(", ")} percent`;
  return `${what}: ${label} ${spoken(bar.estimate)}, ${itemWords(bar)}, ${originWords(bar)}`;
}
