import type { WeightInput } from "./decoder-model";

/** float32 from a hash of (seed, name, index), as `weight` of reference/families.py computes it: ±0.4, around 1 for norms. */
export function referenceWeights(inputs: readonly WeightInput[], seed: number): Map<string, Float32Array> {
  return new Map(inputs.map(({ name, shape }) => [name, referenceWeight(seed, name, shape)]));
}

function referenceWeight(seed: number, name: string, shape: readonly number[]): Float32Array {
  let start = 2166136261 ^ seed;
  for (let i = 0; i < name.length; i++) start = Math.imul(start ^ name.charCodeAt(i), 16777619);
  const norm = shape.length === 1 && !name.endsWith(".bias") ? 1 : 0;
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: size }, (_, i) => {
    let x = (Math.imul(i, 0x9e3779b9) + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return 0.4 * (((x ^ (x >>> 16)) >>> 0) / 2147483648 - 1) + norm;
  });
}
