import { seededRandom } from "../seeded-random";

/** Resamples: the standard error is known within about 2 % for well-behaved statistics. lm-eval draws 100,000. */
const RESAMPLES = 2000;

/**
 * Standard deviation of link(Σ numerator / Σ denominator) over resamples of the items, as lm-eval has it for perplexity.
 */
export function bootstrapError(
  numerator: Float64Array,
  denominator: Float64Array,
  link: (ratio: number) => number,
): number {
  const random = seededRandom(0);
  const n = numerator.length;
  let mean = 0;
  let spread = 0;
  for (let b = 1; b <= RESAMPLES; b++) {
    let sum = 0;
    let size = 0;
    for (let i = 0; i < n; i++) {
      const k = Math.floor(random() * n);
      sum += numerator[k]!;
      size += denominator[k]!;
    }
    const value = link(sum / size);
    const step = value - mean;
    mean += step / b;
    spread += step * (value - mean);
  }
  return Math.sqrt(spread / (RESAMPLES - 1));
}
