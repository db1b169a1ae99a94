import { type Hasher, Sha256Stream } from "../src/core/checkpoint/sha256-stream";
import { loadHasher } from "../src/core/kernel/load-kernel";
import { BLOCK, type BlockOps, PlainOps, type StoredValues } from "../src/core/merge/block-ops";
import { seededRandom } from "../src/core/seeded-random";
import { nodeHasher } from "../src/engine/node/node-hasher";
import { against, type Report } from "./figure";

type Operation = (ops: BlockOps, blocks: Float32Array[], counters: Uint32Array) => unknown;

const random = seededRandom(3);
/** About as the values of a trained tensor are spread. */
const sample = Float32Array.from({ length: BLOCK }, () => 0.05 * (random() + random() + random() - 1.5));

function encoded(dtype: "BF16" | "F16"): StoredValues {
  const bytes = new Uint8Array(2 * BLOCK);
  new PlainOps().encode(sample, dtype, bytes);
  return { dtype, bytes };
}
const bf16 = encoded("BF16");
const f16 = encoded("F16");
const codes = Uint8Array.from({ length: BLOCK }, () => Math.floor(random() * 0x78));
const e4m3 = { dtype: "F8_E4M3", bytes: codes } as const;
const e5m2 = { dtype: "F8_E5M2", bytes: codes } as const;
const bytes = new Uint8Array(2 * BLOCK);
const bits = new Uint8Array(BLOCK / 8).fill(0x5a);
const ranks = Uint32Array.from({ length: BLOCK }, (_, i) => (i * 7) % BLOCK);
const thresholds = new Uint32Array(BLOCK).fill(2 ** 31);
const wide = { low: 0x3d000000, high: 0x7f800000, lowFrom: 0, lowTo: 9, highFrom: 0, highTo: 0 };

const found = new Uint32Array(BLOCK);
const lanes = new Float32Array(8);

/** Each on blocks of BLOCK float32; the last block is the one that is written. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "decode BF16": (ops, b) => ops.decode(bf16, 0, b[8]!, "float32"),
  "decode F16": (ops, b) => ops.decode(f16, 0, b[8]!, "float32"),
  "decode F8_E4M3": (ops, b) => ops.decode(e4m3, 0, b[8]!, "float32"),
  "decode F8_E5M2": (ops, b) => ops.decode(e5m2, 0, b[8]!, "float32"),
  "encode BF16": (ops, b) => ops.encode(b[0]!, "BF16", bytes),
  "encode F16": (ops, b) => ops.encode(b[0]!, "F16", bytes),
  "round to BF16": (ops, b) => ops.round(b[8]!, "bfloat16"),
  "find NaN or infinity, BF16": (ops) => ops.findNonFinite(bf16),
  "weighted sum of 3 BF16": (ops, b) =>
    ops.weightedSum([bf16, bf16, bf16], [0.2, 0.3, 0.4], 0, b[8]!, 0.9, "float32"),
  "decode BF16 less a base": (ops, b) => ops.decodeDifference(bf16, b[0]!, 0, b[8]!, "float32"),
  subtract: (ops, b) => ops.subtract(b[0]!, b[1]!, b[8]!, "float32"),
  "subtract, rounded to BF16": (ops, b) => ops.subtract(b[0]!, b[1]!, b[8]!, "bfloat16"),
  scale: (ops, b) => ops.scale(b[0]!, 0.3, b[8]!, "float32"),
  divide: (ops, b) => ops.divide(b[0]!, b[1]!, b[8]!, "float32"),
  "sum of 7 rows": (ops, b) => ops.sumRows(b.slice(0, 7), 0, b[8]!, "float32"),
  "sign consensus of 7 rows": (ops, b) =>
    ops.sumAgreeing(b.slice(0, 7), [1, 2, 3, 4, 5, 6, 7], b[0]!, 0, b[7]!, b[8]!, "float32"),
  "variance of 7 rows": (ops, b) => ops.variance(b.slice(0, 7), b[8]!, "float32"),
  "keep what agrees": (ops, b) => ops.keepAgreeing(b[8]!, b[0]!),
  "count magnitudes": (ops, b, counters) => ops.countMagnitudes(b[0]!, 17, 0, counters),
  "collect magnitudes between bounds": (ops, b) =>
    ops.collectBetween(b[0]!, 0x3cf80000, 0x3d000000, found, new Uint32Array(4)),
  "keep a band of magnitudes": (ops, b) => ops.keepBand(b[8]!, wide, new Uint32Array(2)),
  "keep by bits": (ops, b) => ops.keepBits(b[8]!, bits, 0),
  "rank magnitudes": (ops, b) => ops.magnitudeRanks(b[0]!, new Uint32Array(BLOCK)),
  "random bits": (ops) => ops.randomBits([1, 2], 0, BLOCK, 2 ** 31, bits),
  "random bits by rank": (ops) => ops.rankedBits([1, 2], 0, ranks, thresholds, bits),
  "squares in float32": (ops, b) => ops.addSquares(b[0]!, lanes),
  sumAbs: (ops, b) => ops.sumAbs(b[0]!),
  dot: (ops, b) => ops.dot(b[0]!, b[1]!),
};

/** Elements per second of every operation of the kernel, beside JavaScript's. */
export function benchOperations(kernel: BlockOps, times: number, report: Report): void {
  const plain = new PlainOps();
  for (const [name, run] of Object.entries(OPERATIONS)) {
    const rates = [kernel, plain].map((ops) => {
      const calls = ops === plain ? 5 : 50;
      const once = () => {
        ops.reset();
        const blocks = Array.from({ length: 9 }, (_, k) => filled(ops.scratch(BLOCK), k));
        const counters = ops.counters(2 ** 14);
        const start = performance.now();
        for (let call = 0; call < calls; call++) run(ops, blocks, counters);
        return (performance.now() - start) / calls / 1000;
      };
      once();
      return BLOCK / Math.min(...Array.from({ length: times }, once)) / 1e9;
    });
    report({
      name: `kernel/${name}`,
      value: rates[0]!,
      unit: "G elements/s",
      baseline: against("JavaScript", rates[0]!, rates[1]!),
    });
  }
  kernel.reset();
}

/** SHA-256 of 4 MiB at a time. */
export async function benchHashes(times: number, report: Report): Promise<void> {
  const data = new Uint8Array(4 * 2 ** 20).fill(0x5a);
  const rate = (create: () => Hasher): number => {
    const once = () => {
      const hasher = create();
      const start = performance.now();
      hasher.update(data);
      hasher.digest();
      return (performance.now() - start) / 1000;
    };
    once();
    return data.length / Math.min(...Array.from({ length: times }, once)) / 1e6;
  };
  const plain = rate(() => new Sha256Stream());
  for (const [name, create] of [
    ["the kernel", await loadHasher()],
    ["Node", nodeHasher],
  ] as const) {
    const value = rate(create);
    report({
      name: `kernel/SHA-256 by ${name}`,
      value,
      unit: "MB/s",
      baseline: against("JavaScript", value, plain),
    });
  }
}

function filled(block: Float32Array, k: number): Float32Array {
  block.set(sample.subarray(k));
  block.set(sample.subarray(0, k), BLOCK - k);
  return block;
}
