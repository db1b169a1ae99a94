import type { WritableDtype } from "../src/core/checkpoint/dtype";
import { instantiateKernel } from "../src/core/kernel/kernel-module";
import { loadKernel } from "../src/core/kernel/load-kernel";
import { WasmOps } from "../src/core/kernel/wasm-ops";
import { type BlockOps, bytesPer, PlainOps } from "../src/core/merge/block-ops";
import { linear } from "../src/core/merge/linear";
import { completeSettings } from "../src/core/merge/merge-method";
import { torchSum } from "../src/core/merge/torch-sum";
import { seededRandom } from "../src/core/seeded-random";
import { enableRelaxedSimd } from "../src/engine/node/relaxed-simd";
import { must } from "./demo-files";
import { against, type BenchOptions, ratioAtLeast } from "./figure";
import { benchHashes, benchOperations } from "./kernel-operations";

/** Bytes of a component: larger than a processor's caches. */
const COMPONENT = 64 * 2 ** 20;
/** Bytes of it that are timed at a time. */
const SLICE = 2 * 2 ** 20;
/** Mixtures whose float32 sum is 1, as it is for most: then nothing is divided. */
const THREE = [0.5, 0.3, 0.2];
const SEVEN = [0.25, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05];
const CASES = [
  { dtype: "BF16", weights: THREE, bar: true },
  { dtype: "BF16", weights: SEVEN, bar: true },
  { dtype: "BF16", weights: [1, 2, 3], bar: false },
  { dtype: "BF16", weights: [1, 2, 3, 4, 5, 6, 7], bar: false },
  { dtype: "F32", weights: THREE, bar: false },
  { dtype: "F32", weights: SEVEN, bar: false },
  { dtype: "F16", weights: THREE, bar: false },
] as const;

/**
 * The linear merge of components in memory, inputs copied into the kernel's memory and the result out of it in the components'
 * dtype, beside a plain copy of the components' bytes; then every operation by itself.
 */
export async function benchMergeKernel({ repeat, report, say }: BenchOptions): Promise<void> {
  enableRelaxedSimd();
  const kernel = await loadKernel();
  if (kernel.constructor === PlainOps) throw new Error("this engine has no WebAssembly SIMD");
  const emulated = new WasmOps((await instantiateKernel("simd"))!);
  for (const { dtype, weights, bar } of CASES) {
    const count = weights.length;
    const components = weights.map((_, k) => values(dtype, k));
    const copies = components.map(() => new Uint8Array(COMPONENT).fill(1));
    const out = copies[0]!;
    const merge = (ops: BlockOps) => (from: number, to: number) =>
      mergeSlice(
        ops,
        dtype,
        weights,
        components.map((bytes) => bytes.subarray(from, to)),
        out.subarray(from, to),
      );
    const { copied, merged, mergedEmulated } = slices(3 * repeat, {
      copied: (from, to) => {
        for (const [k, bytes] of components.entries()) copies[k]!.set(bytes.subarray(from, to), from);
      },
      merged: merge(kernel),
      mergedEmulated: merge(emulated),
    });
    const rate = (seconds: number): number => (count * COMPONENT) / seconds / 1e9;
    const divided = torchSum(weights.map(Math.fround)) === 1 ? "" : ", divided";
    const name = `kernel/linear, ${count} × ${dtype} to ${dtype}${divided}`;
    const baseline = (seconds: number) => against("memory copy", rate(seconds), rate(copied));
    const held = bar ? { bar: ratioAtLeast(0.6) } : {};
    report({ name, value: rate(merged), unit: "GB/s read", baseline: baseline(merged), ...held });
    report({
      name: `${name}, without relaxed SIMD`,
      value: rate(mergedEmulated),
      unit: "GB/s read",
      baseline: baseline(mergedEmulated),
    });
  }
  say("operations, blocks in the kernel's memory:");
  benchOperations(kernel, 10 * repeat, report);
  await benchHashes(10 * repeat, report);
}

/** About as a trained tensor's values are spread. */
function values(dtype: WritableDtype, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const sample = Float32Array.from({ length: 2 ** 16 }, () => 0.05 * (random() + random() + random() - 1.5));
  const bytes = new Uint8Array(sample.length * bytesPer[dtype]);
  new PlainOps().encode(sample, dtype, bytes);
  const all = new Uint8Array(COMPONENT);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes.subarray(0, all.length - at), at);
  return all;
}

function mergeSlice(
  ops: BlockOps,
  dtype: WritableDtype,
  weights: readonly number[],
  components: readonly Uint8Array[],
  out: Uint8Array,
): void {
  const size = bytesPer[dtype];
  const length = out.length / size;
  const encode = (from: number, block: Float32Array): void =>
    ops.encode(block, dtype, out.subarray(from * size, (from + block.length) * size));
  const merged = linear.merge(
    {
      tensor: "w",
      shape: [length],
      length,
      components: components.map((bytes, k) => ({
        id: `${k}`,
        weight: weights[k]!,
        settings: {},
        values: { dtype, bytes },
      })),
      base: null,
      settings: completeSettings(linear, "merge"),
      precision: "float32",
      mergekit: false,
      seed: 0,
    },
    ops,
    Object.assign(encode, { encoded: { dtype, bytes: out } }),
  );
  must(merged);
  ops.reset();
}

type SliceWork = (from: number, to: number) => void;

/**
 * Seconds of each work over all slices, of each slice the fastest of several times: works take turns, so that other load on the
 * machine meets all of them.
 */
function slices<Name extends string>(times: number, works: Record<Name, SliceWork>): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const totals = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const name of names) works[name](0, SLICE);
  const best = new Map<string, number>();
  for (let time = 0; time < times; time++) {
    for (const name of names) {
      for (let from = 0; from < COMPONENT; from += SLICE) {
        const start = performance.now();
        works[name](from, from + SLICE);
        const seconds = (performance.now() - start) / 1000;
        const key = `${name} ${from}`;
        best.set(key, Math.min(best.get(key) ?? Number.POSITIVE_INFINITY, seconds));
      }
    }
  }
  for (const name of names)
    for (let from = 0; from < COMPONENT; from += SLICE) totals[name] += best.get(`${name} ${from}`)!;
  return totals;
}
