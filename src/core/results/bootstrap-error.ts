import { seededRandom } from "../seeded-random";

/** Resamples: the standard error is known within about 2 % for well-behaved statistics. lm-eval draws 100,000. */
const RESAMPLES = 2000;

/** Standard deviation of a statistic over resamples of its items, as lm-eval has it for perplexity, F1 and Matthews correlation. */
export function bootstrapError(n: number, statistic: (items: Int32Array) => number): number {
  const random = seededRandom(0);
  const items = new Int32Array(n);
  let mean = 0;
  let spread = 0;
  for (let b = 1; b <= RESAMPLES; b++) {
    for (let i = 0; i < n; i++) items[i] = Math.floor(random() * n);
    const value = statistic(items);
    const step = value - mean;
    mean += step / b;
    spread += step * (value - mean);
  }
  return Math.sqrt(spread / (RESAMPLES - 1));
}
