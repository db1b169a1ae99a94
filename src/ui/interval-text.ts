import type { Estimate } from "../core/scoring/measurement";
import { correlation, MISSING } from "./format";

/** A correlation's 95 % interval: "[.85, .95]", or "" where there is none. */
export const correlationInterval = (e: Estimate): string =>
  Number.isFinite(e.low) && Number.isFinite(e.high) ? `[${correlation(e.low)}, ${correlation(e.high)}]` : "";

/** A ratio near 1 with three decimals: "1.004". */
export const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : MISSING);

export const ratioInterval = (e: Estimate): string =>
  Number.isFinite(e.low) && Number.isFinite(e.high) ? `[${ratio(e.low)}, ${ratio(e.high)}]` : "";
