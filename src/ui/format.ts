import type { Estimate } from "../core/scoring/measurement";

/** Scores are shares of 1 and shown as percent without its sign: "58.12". */
export const POINTS = 100;
export const MISSING = "–";

const minus = (text: string): string => text.replace("-", "−");

/** Decimals of a score in percent so that its interval has two significant digits: 1 or 2; 2 without an interval. */
export function decimalsFor(half: number): number {
  if (!(half > 0)) return 2;
  return Math.min(2, Math.max(1, 1 - Math.floor(Math.log10(half * POINTS))));
}

export const halfWidth = (e: Estimate): number => (e.high - e.low) / 2;

export const points = (value: number, decimals = 2): string =>
  Number.isFinite(value) ? minus((value * POINTS).toFixed(decimals)) : MISSING;

/** With its sign: "+0.42", "−0.10", "0.00". */
export function signedPoints(value: number, decimals = 2): string {
  const text = points(value, decimals);
  return Number.isFinite(value) && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

export interface NumberWithInterval {
  readonly value: string;
  /** Half of the 95 % interval with its sign, or "" where there is none. */
  readonly half: string;
}

export function withInterval(e: Estimate, signed = false): NumberWithInterval {
  const half = halfWidth(e);
  const decimals = decimalsFor(half);
  return {
    value: (signed ? signedPoints : points)(e.value, decimals),
    half: Number.isFinite(half) ? `±${points(half, decimals)}` : "",
  };
}

/** For screen readers and tooltips: "58.12 plus or minus 0.31". */
export function spoken(e: Estimate): string {
  const { value, half } = withInterval(e);
  return half ? `${value} plus or minus ${half.slice(1)}` : value;
}

/** A correlation without its leading zero: ".97", "−.12"; more digits than round to 1 show as ".998". */
export function correlation(rho: number): string {
  if (!Number.isFinite(rho)) return "undefined";
  if (Math.abs(rho) < 1 && Math.abs(rho) >= 0.995) {
    return minus((Math.trunc(rho * 1000) / 1000).toFixed(3).replace("0.", "."));
  }
  return minus(rho.toFixed(2).replace("0.", "."));
}

/** A share as percent with one decimal: "22.4". */
export const sharePercent = (share: number, decimals = 1): string => (share * 100).toFixed(decimals);

/** Counts with thin separators: "12,400"; "∞" becomes words elsewhere. */
export const count = (n: number): string => Math.round(n).toLocaleString("en-US");
