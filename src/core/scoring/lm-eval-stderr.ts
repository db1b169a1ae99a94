import { confusionPairs, confusionValue } from "./confusion";
import { itemTerms, link, type TextColumn } from "./item-terms";
import { PythonRandom } from "./python-random";
import type { MetricId, TaskLayout } from "./task";

/** Resamples; lm-eval draws 100,000 unless it is told otherwise. */
export const BOOTSTRAP_ITERATIONS = 2000;

const WITHOUT: ReadonlySet<MetricId> = new Set([
  "brier_score",
  "word_perplexity",
  "byte_perplexity",
  "bits_per_byte",
]);
/** Perplexity, and this project's own ratios of sums. */
const BOOTSTRAPPED: ReadonlySet<MetricId> = new Set(["perplexity", "token_acc", "byte_prob", "target_prob"]);

/**
 * A metric's standard error as lm-eval states it, null where it has none ("N/A"): of means by the sample's deviation; of
 * perplexity, F1 and Matthews correlation (and this project's own ratios of sums) by lm-eval's bootstrap, which it seeds itself and which is repeated here draw by draw;
 * none for weighted perplexities, bits per byte and the Brier score. `iterations` is its `bootstrap_iters`.
 */
export function lmEvalStderr(
  metric: MetricId,
  task: TaskLayout,
  scores: Float32Array,
  column?: TextColumn,
  iterations = BOOTSTRAP_ITERATIONS,
): number | null {
  if (WITHOUT.has(metric) || iterations <= 0) return null;
  if (metric === "f1" || metric === "mcc") {
    const pairs = confusionPairs(task, scores);
    const of = (drawn: readonly number[]) =>
      confusionValue(
        metric,
        drawn.map((d) => pairs[d]!),
      );
    return pairs.length > 1 ? bootstrap(pairs.length, of, iterations) : null;
  }
  const { numerator, denominator } = itemTerms(metric, task, scores, column);
  const known = [...numerator.keys()].filter((i) => !Number.isNaN(numerator[i]!) && denominator[i] !== 0);
  if (known.length < 2) return null;
  const values = known.map((i) => numerator[i]!);
  if (!BOOTSTRAPPED.has(metric)) return deviation(values) / Math.sqrt(values.length);
  const sizes = known.map((i) => denominator[i]!);
  const ratio = (drawn: readonly number[]) => total(drawn, values) / total(drawn, sizes);
  return bootstrap(values.length, (drawn) => link(metric, ratio(drawn)), iterations);
}

const total = (drawn: readonly number[], values: readonly number[]): number => {
  let sum = 0;
  for (const d of drawn) sum += values[d]!;
  return sum;
};

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

/** Deviation of a statistic over resamples; every 1000 have a generator of their own, seeded 0, 1, … */
function bootstrap(n: number, of: (drawn: readonly number[]) => number, iterations: number): number | null {
  const chunk = Math.min(1000, iterations);
  const values: number[] = [];
  const drawn = new Array<number>(n).fill(0);
  for (let seed = 0; seed < Math.floor(iterations / chunk); seed++) {
    const random = new PythonRandom(seed);
    for (let i = 0; i < chunk; i++) {
      for (let k = 0; k < n; k++) drawn[k] = Math.floor(random.random() * n);
      values.push(of(drawn));
    }
  }
  return values.length > 1 ? deviation(values) : null;
}
