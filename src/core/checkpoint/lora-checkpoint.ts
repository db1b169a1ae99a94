import { type BlockOps, bytesPer, PlainOps, type Precision, type StoredValues } from "../merge/block-ops";
import { ok, type Result } from "../result";
import { decode, type ReadableDtype, type WritableDtype } from "./dtype";
import { elementsOf } from "./expected-tensors";
import type { LoraAdapter } from "./lora-adapter";
import type { LoraChange, LoraFactors, LoraPlan } from "./lora-plan";
import { readStored } from "./safetensors";
import type { Checkpoint } from "./sharded";

/** B·A by rows of the stored weight: row i is Σₖ left[i·rank + k] · right[k], each right[k] of `columns` elements. */
interface Product {
  readonly left: Float32Array;
  readonly right: readonly StoredValues[];
  readonly columns: number;
  readonly rank: number;
}

/** The rounding of a sum in the base's dtype; float32 where the result is float32. */
const PRECISION: Partial<Record<ReadableDtype, Precision>> = { BF16: "bfloat16", F16: "float16" };

/** PEFT's result has the base's dtype; of types in which it cannot add, ours is float32. */
const resultDtype = (dtype: string): WritableDtype => (dtype === "BF16" || dtype === "F16" ? dtype : "F32");

/**
 * Base and adapter as one checkpoint: Θ_base + scale · B·A, computed for the elements that are asked for, as PEFT's
 * merge_and_unload does on a CPU: the product in float32 (a fused multiply-add after the other in the order of the rank, as
 * torch's matmul for ranks up to 128), times the scale, added to the weight in float32, rounded once to the base's dtype;
 * of an embedding the update is rounded to that dtype before. Tensors that the adapter leaves alone are the base's bytes.
 * `weights` are the base's tensors to merge and its buffers, in order; `ops` is used inside single calls only.
 */
export function loraCheckpoint(
  base: Checkpoint,
  adapter: LoraAdapter,
  { changes }: LoraPlan,
  weights: readonly string[],
  ops: BlockOps = new PlainOps(),
): Checkpoint {
  const file = adapter.weights.source.name;
  let last: { readonly tensor: string; readonly product: Promise<Result<Product>> } | null = null;
  const product = (tensor: string, factors: LoraFactors, signal?: AbortSignal): Promise<Result<Product>> => {
    if (last?.tensor !== tensor) last = { tensor, product: readProduct(adapter, factors, signal) };
    const { product } = last;
    // A failed read, such as an aborted one, is tried again.
    void product.then((read) => {
      if (!read.ok && last?.product === product) last = null;
    });
    return product;
  };

  const values: Checkpoint["values"] = async (name, range, signal) => {
    const change = changes.get(name);
    if (!change) return base.values(name, range, signal);
    const { dtype, shape } = base.info(name)!;
    const { from, to } = range ?? { from: 0, to: elementsOf(shape) };
    const read = (tensor: string) => readStored(adapter.weights, tensor, { from, to }, signal);
    const start = change.instead ? await read(change.instead) : await base.values(name, { from, to }, signal);
    if (!start.ok) return start;
    const result = resultDtype(dtype);
    const added = change.added ? await read(change.added) : null;
    if (added && !added.ok) return added;
    const update = change.factors ? await product(name, change.factors, signal) : null;
    if (update && !update.ok) return update;
    const out = new Uint8Array((to - from) * bytesPer[result]);
    const work = new Merge(ops, change, result, from, to, out);
    if (update) work.product(start.value, update.value);
    else work.sum(start.value, added?.value ?? null);
    ops.reset();
    return ok({ dtype: result, bytes: out });
  };

  const names = new Set(weights);
  return {
    name: adapter.name,
    config: base.config,
    configFile: adapter.configFile,
    tokenizer: adapter.tokenizer ?? base.tokenizer,
    tokenizerConfig: adapter.tokenizerConfig ?? base.tokenizerConfig,
    generationConfig: base.generationConfig,
    tensorNames: weights,
    bytes: adapter.files.reduce((sum, { source }) => sum + source.size, 0),
    files: adapter.files,
    info: (name) => {
      const info = names.has(name) ? base.info(name) : null;
      return info && changes.has(name) ? { ...info, dtype: resultDtype(info.dtype), file } : info;
    },
    values,
    tensor: async (name, signal) => {
      const stored = await values(name, undefined, signal);
      return stored.ok ? ok(decode(stored.value.bytes, stored.value.dtype)) : stored;
    },
    raw: async (name, signal) => {
      if (!changes.has(name)) return base.raw(name, signal);
      const stored = await values(name, undefined, signal);
      return stored.ok ? ok(stored.value.bytes) : stored;
    },
  };
}

const PIECE = 65_536;

/** Computes elements [from, to) of one changed tensor into `out`. */
class Merge {
  private readonly precision: Precision;
  private readonly block: Float32Array;
  private readonly other: Float32Array;

  constructor(
    private readonly ops: BlockOps,
    private readonly change: LoraChange,
    private readonly dtype: WritableDtype,
    private readonly from: number,
    private readonly to: number,
    private readonly out: Uint8Array,
  ) {
    const size = Math.min(PIECE, to - from);
    this.precision = PRECISION[dtype] ?? "float32";
    this.block = ops.scratch(size);
    this.other = ops.scratch(size);
  }

  /** Row by row, in pieces. */
  product(start: StoredValues, { left, right, columns, rank }: Product): void {
    const { ops, from, to, change, precision } = this;
    const rows = right.map((row) => this.near(row));
    for (let at = from; at < to; ) {
      const row = Math.floor(at / columns);
      const column = at - row * columns;
      const length = Math.min(columns - column, PIECE, to - at);
      const update = this.block.subarray(0, length);
      const weights = Array.from(left.subarray(row * rank, (row + 1) * rank));
      ops.weightedSum(rows, weights, column, update, 1, "float32");
      ops.scale(update, change.scale, update, change.factors!.embedding ? precision : "float32");
      this.add(start, update, at - from, length);
      at += length;
    }
  }

  /** The same values where the operations read them without copying. */
  private near(row: StoredValues): StoredValues {
    const block = this.ops.scratch(row.bytes.length / 4);
    this.ops.decode(row, 0, block, "float32");
    return { dtype: "F32", bytes: new Uint8Array(block.buffer, block.byteOffset, block.byteLength) };
  }

  /** What stands in the base's place, and a bias that is added to it. */
  sum(start: StoredValues, added: StoredValues | null): void {
    const { ops, from, to, change } = this;
    for (let at = 0; at < to - from; at += PIECE) {
      const update = this.block.subarray(0, Math.min(PIECE, to - from - at));
      if (added) {
        ops.decode(added, at, update, "float32");
        ops.scale(update, change.scale, update, "float32");
      }
      this.add(start, added && update, at, update.length);
    }
  }

  /** The update, if any, to `length` weights from `at` on, which have the base's dtype whatever they are read from. */
  private add(start: StoredValues, update: Float32Array | null, at: number, length: number): void {
    const { ops, precision, dtype } = this;
    const size = bytesPer[dtype];
    const weight = this.other.subarray(0, length);
    ops.decode(start, at, weight, precision);
    if (update) ops.add(weight, update, weight, precision);
    ops.encode(weight, dtype, this.out.subarray(at * size, (at + length) * size));
  }
}

async function readProduct(
  { weights }: LoraAdapter,
  { a, b, rank, transposed }: LoraFactors,
  signal?: AbortSignal,
): Promise<Result<Product>> {
  const [first, second] = [
    await readStored(weights, a, undefined, signal),
    await readStored(weights, b, undefined, signal),
  ];
  if (!first.ok) return first;
  if (!second.ok) return second;
  const [A, B] = [
    decode(first.value.bytes, first.value.dtype),
    decode(second.value.bytes, second.value.dtype),
  ];
  const [left, flat] = transposed ? [transpose(A, rank), transpose(B, B.length / rank)] : [B, A];
  const columns = flat.length / rank;
  const right = Array.from({ length: rank }, (_, k): StoredValues => {
    const row = flat.subarray(k * columns, (k + 1) * columns);
    return { dtype: "F32", bytes: new Uint8Array(row.buffer, row.byteOffset, row.byteLength) };
  });
  return ok({ left, right, columns, rank });
}

/** A [rows, columns] matrix as [columns, rows]. */
function transpose(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  const out = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
