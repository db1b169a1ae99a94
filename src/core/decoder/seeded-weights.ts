import type { WeightInput } from "./decoder-model";

/** Small deterministic generator (mulberry32) of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Float32 weights for a graph's inputs: matrices uniform in ±`spread`, vectors (norms, biases) around 1. */
export function seededWeights(
  inputs: readonly WeightInput[],
  seed: number,
  spread: number,
): Map<string, Float32Array> {
  const random = seededRandom(seed);
  return new Map(
    inputs.map(({ name, shape }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: size }, () => spread * (2 * random() - 1));
      return [name, shape.length === 1 && !name.endsWith(".bias") ? values.map((v) => 1 + v) : values];
    }),
  );
}
