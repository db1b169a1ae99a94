import { fail, ok, type Result } from "../../result";
import { type Precision, roundTo } from "../block-ops";
import { randomWord, type WordPair } from "../threefry";
import { maskKey, thresholdFor, workPrecision } from "./select-random";
import { ALL, NONE, type Selection, type Selector } from "./selection";
import type { TaskVectors } from "./task-vectors";

/**
 * DELLA: keeps an entry with a probability from ρ − ε, for the smallest magnitude of its row, to ρ + ε for the largest. Rows
 * run along the second axis; a vector is one row. Fails where ρ ± ε leaves (0, 1).
 */
export const selectByRank =
  (method: string): Selector =>
  (vectors) => {
    const selections: Selection[] = [];
    for (const [k, component] of vectors.components.entries()) {
      const { density = 1, epsilon = 0 } = component.settings;
      if (density >= 1 || density <= 0) selections.push(density >= 1 ? ALL : NONE);
      else {
        const bits = rankedSelection(vectors, k, density, epsilon, maskKey(vectors.task, method, component));
        if (!bits.ok) return bits;
        selections.push({ kind: "bits", bits: bits.value });
      }
    }
    return ok(selections);
  };

function rankedSelection(
  vectors: TaskVectors,
  component: number,
  density: number,
  epsilon: number,
  key: WordPair,
): Result<Uint8Array> {
  const { task, ops } = vectors;
  const { tensor, shape, length, precision } = task;
  if (density + epsilon >= 1 || density - epsilon <= 0)
    return fail("bad-recipe", `density ${density} ± epsilon ${epsilon} leaves the range from 0 to 1.`, {
      tensor,
      remedy: "Use a smaller epsilon.",
    });
  const { count, inner } = rowsOfRanks(shape, length);
  const bits = new Uint8Array(Math.ceil(length / 8));
  const probabilities = keepProbabilities(count, density, epsilon, workPrecision(precision));
  const thresholds = Uint32Array.from(probabilities, thresholdFor);
  const ranks = new Uint32Array(count);
  const size = count * inner;
  const [base, delta] = [ops.scratch(size), ops.scratch(size)];
  for (let from = 0; from < length; from += size) {
    ops.decode(task.base!, from, base, precision);
    vectors.read(component, from, base, delta);
    if (inner === 1) {
      ops.magnitudeRanks(delta, ranks);
      ops.rankedBits(key, from, ranks, thresholds, bits);
    } else
      for (let column = 0; column < inner; column++) {
        ops.magnitudeRanks(strided(delta, column, inner), ranks);
        for (let r = 0; r < count; r++) {
          const i = from + r * inner + column;
          if (randomWord(key, i) < thresholds[ranks[r]!]!) bits[i >>> 3]! |= 1 << (i & 7);
        }
      }
  }
  return ok(bits);
}

/** Entries in a row, and how far apart they lie. */
export function rowsOfRanks(shape: readonly number[], length: number): { count: number; inner: number } {
  if (shape.length < 2) return { count: length, inner: 1 };
  return { count: shape[1]!, inner: shape.slice(2).reduce((a, b) => a * b, 1) };
}

const strided = (values: Float32Array, from: number, step: number): Float32Array =>
  Float32Array.from({ length: values.length / step }, (_, r) => values[r * step + from]!);

/** By ascending rank from 0; ρ for a row of one. Rounded as torch rounds in `work`: in bfloat16 large ranks fall together. */
export function keepProbabilities(
  count: number,
  density: number,
  epsilon: number,
  work: Precision,
): Float64Array {
  if (count === 1) return Float64Array.of(density);
  const round = (x: number) => roundTo(x, work);
  const rank = (r: number) => round(round(r) + 1);
  const span = round(rank(count - 1) - 1);
  const lowest = density - epsilon;
  return Float64Array.from({ length: count }, (_, r) => {
    const part = round(round(rank(r) - 1) / span);
    return round(round(round(part * 2) * Math.fround(epsilon)) + round(lowest));
  });
}
