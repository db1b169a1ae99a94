import { type Precision, roundTo } from "../block-ops";
import { torchSum } from "../torch-sum";

/** Σ of numbers of `precision`, in torch's order, rounded to it. */
export const roundedSum = (numbers: readonly number[], precision: Precision): number =>
  roundTo(torchSum(numbers, precision !== "float32"), precision);

export const clamp = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x));
