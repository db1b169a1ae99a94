import type { BufferPool } from "../checkpoint/byte-pool";
import { cancelled } from "../checkpoint/byte-source";
import type { WritableDtype } from "../checkpoint/dtype";
import { type ExpectedTensor, elementsOf } from "../checkpoint/expected-tensors";
import type { ElementRange } from "../checkpoint/safetensors";
import { fail, ok, type Result } from "../result";
import { BLOCK, type BlockOps, bytesPer, PlainOps, type Precision, type StoredValues } from "./block-ops";
import type { MergeMethod, MergeSettings, TensorTask } from "./merge-method";

/** Where a member's values come from: a checkpoint in files, or weights held in memory. */
export interface TensorReader {
  readonly name: string;
  /** Elements of a tensor as they are stored; all of them without a range. */
  values(tensor: string, range?: ElementRange, signal?: AbortSignal): Promise<Result<StoredValues>>;
}

export interface PlanComponent {
  /** Names the component in random masks. */
  readonly id: string;
  readonly reader: TensorReader;
}

/** What holds for one tensor; `weights` and `own` run over the components. */
export interface TensorParameters {
  readonly weights: readonly number[];
  /** The method's parameters of scope "merge" and "model", complete. */
  readonly settings: MergeSettings;
  readonly own: readonly MergeSettings[];
}

export interface MergePlan {
  /** What to merge, in the order in which it is yielded. */
  readonly tensors: readonly ExpectedTensor[];
  readonly components: readonly PlanComponent[];
  /** Read only when the method needs it. */
  readonly base?: TensorReader | undefined;
  readonly method: MergeMethod;
  readonly parameters: (tensor: string) => TensorParameters;
  /** Type of the merged values. */
  readonly dtype: WritableDtype;
  /** See TensorTask; float32 when absent. */
  readonly precision?: Precision;
  readonly mergekit?: boolean;
  readonly seed?: number;
}

/** Merged elements of one tensor, from `from` on, in the plan's dtype. */
export interface MergedPart {
  readonly tensor: ExpectedTensor;
  readonly from: number;
  readonly values: { readonly dtype: WritableDtype; readonly bytes: Uint8Array };
}

export interface MergeOptions {
  readonly ops?: BlockOps;
  readonly signal?: AbortSignal | undefined;
  /** Takes back the members' values when they are merged, where it lent the buffers. */
  readonly inputs?: BufferPool | undefined;
  /** Lends the buffers of the merged parts. */
  readonly results?: BufferPool | undefined;
  /** Bytes that a slice of all members may take together; about three times as much is held. */
  readonly sliceBytes?: number;
}

/** Bytes that a slice of all members takes together where `sliceBytes` is absent. */
export const SLICE_BYTES = 8 * 2 ** 20;
/** Pieces that are read while one is merged, where all of them together take no more than READ_AHEAD bytes. */
export const PIECES_AHEAD = 3;
const READ_AHEAD = 160 * 2 ** 20;

/** A piece of work: one tensor, or for an elementwise method a slice of one, with the members that count. */
interface Piece {
  readonly tensor: ExpectedTensor;
  readonly range: ElementRange;
  readonly parameters: TensorParameters;
  /** Indices of the components to read. */
  readonly used: readonly number[];
}

/**
 * Yields the merged tensors part by part, in order: whole tensors, or slices of them where the method allows; nothing for a
 * tensor without elements. Holds one tensor of each component (a slice of it where the method allows), the next one where
 * both are small, and the result. The first failure is yielded and ends it; so does an abort ("cancelled").
 */
export async function* mergeTensors(
  plan: MergePlan,
  { ops = new PlainOps(), signal, inputs, results, sliceBytes = SLICE_BYTES }: MergeOptions = {},
): AsyncGenerator<Result<MergedPart>, void, undefined> {
  checkPlan(plan);
  const pieces = piecesOf(plan, sliceBytes);
  // Buffers of a size that no later tensor has would only be held.
  const lastOfSize = new Set(new Map(plan.tensors.map((t) => [elementsOf(t.shape), t.name])).values());
  const ahead: { readonly piece: Piece; readonly reading: Promise<Result<PieceValues>> }[] = [];
  let next = pieces.next();
  let held = 0;
  const readOn = (): void => {
    while (!next.done && (ahead.length === 0 || held + bytesOf(plan, next.value) <= READ_AHEAD)) {
      if (ahead.length > PIECES_AHEAD) return;
      held += bytesOf(plan, next.value);
      ahead.push({ piece: next.value, reading: readPiece(plan, next.value, signal) });
      next = pieces.next();
    }
  };
  readOn();
  while (ahead.length > 0) {
    const { piece, reading } = ahead[0]!;
    const read = await reading;
    if (signal?.aborted) return yield cancelled();
    if (!read.ok) return yield read;
    for (const merged of mergePiece(plan, piece, read.value, ops, results)) {
      // Merging keeps the thread: let reads and writes begin first.
      await Promise.resolve();
      if (signal?.aborted) return yield cancelled();
      yield merged;
      if (!merged.ok) return;
    }
    ahead.shift();
    const again = plan.method.elementwise || !lastOfSize.has(piece.tensor.name);
    for (const { bytes } of [...read.value.components, ...(read.value.base ? [read.value.base] : [])]) {
      if (again) inputs?.give(bytes);
      else inputs?.drop(bytes);
    }
    held -= bytesOf(plan, piece);
    readOn();
  }
}

function checkPlan({ method, base, components, parameters, tensors }: MergePlan): void {
  if (method.base === "needed" && !base) throw new RangeError(`mergeTensors: ${method.name} needs the base`);
  const { min, max } = method.models;
  if (components.length < min || components.length > max)
    throw new RangeError(`mergeTensors: ${method.name} merges ${min} to ${max} components`);
  const [first] = tensors;
  if (!first) return;
  const { weights, own } = parameters(first.name);
  if (weights.length !== components.length || own.length !== components.length)
    throw new RangeError(`mergeTensors: ${weights.length} weights for ${components.length} components`);
}

/** Bytes of an element of all members together, when they are stored in 16 bits as most are. */
const memberBytes = (plan: MergePlan): number => 2 * (plan.components.length + 1);

const bytesOf = (plan: MergePlan, { range }: Piece): number => (range.to - range.from) * memberBytes(plan);

function* piecesOf(plan: MergePlan, sliceBytes: number): Generator<Piece, undefined, undefined> {
  const { method } = plan;
  const slice = Math.max(1, Math.floor(sliceBytes / memberBytes(plan) / BLOCK)) * BLOCK;
  for (const tensor of plan.tensors) {
    const parameters = plan.parameters(tensor.name);
    const used = plan.components.flatMap((_, i) =>
      method.elementwise && method.weighted && parameters.weights[i] === 0 ? [] : [i],
    );
    const length = elementsOf(tensor.shape);
    const step = method.elementwise ? slice : Math.max(1, length);
    for (let from = 0; from < length; from += step)
      yield { tensor, range: { from, to: Math.min(from + step, length) }, parameters, used };
  }
}

/** Bytes of a part of a piece's result. */
const PART_BYTES = 4 * 2 ** 20;

interface PieceValues {
  readonly components: readonly StoredValues[];
  readonly base: StoredValues | null;
}

async function readPiece(plan: MergePlan, piece: Piece, signal?: AbortSignal): Promise<Result<PieceValues>> {
  if (signal?.aborted) return cancelled();
  const { tensor, range, used } = piece;
  const wanted = plan.method.base === "unused" ? undefined : plan.base;
  const readers = [...used.map((i) => plan.components[i]!.reader), ...(wanted ? [wanted] : [])];
  const whole = range.from === 0 && range.to === elementsOf(tensor.shape);
  const read = await Promise.all(
    readers.map((reader) => reader.values(tensor.name, whole ? undefined : range, signal)),
  );
  const values: StoredValues[] = [];
  for (const [i, part] of read.entries()) {
    if (!part.ok) return part;
    const elements = part.value.bytes.length / bytesPer[part.value.dtype];
    if (elements !== range.to - range.from)
      return fail("bad-set", `has ${elements} values where the plan has ${range.to - range.from}.`, {
        file: readers[i]!.name,
        tensor: tensor.name,
        remedy: "Use components of one architecture.",
      });
    values.push(part.value);
  }
  const base = wanted ? values.pop()! : null;
  return ok({ components: values, base });
}

/** A piece in parts of PART_BYTES where the method hands its result on block by block, else in one. */
function* mergePiece(
  plan: MergePlan,
  piece: Piece,
  values: PieceValues,
  ops: BlockOps,
  results?: BufferPool,
): Generator<Result<MergedPart>, void, undefined> {
  const { tensor, range, parameters, used } = piece;
  const { method, dtype, precision = "float32", mergekit = false, seed = 0 } = plan;
  const size = bytesPer[dtype];
  const length = range.to - range.from;
  const take = (bytes: number) => results?.take(bytes) ?? new Uint8Array(bytes);
  const task: TensorTask = {
    tensor: tensor.name,
    shape: tensor.shape,
    length,
    components: used.map((index, i) => ({
      id: plan.components[index]!.id,
      weight: parameters.weights[index]!,
      settings: parameters.own[index]!,
      values: values.components[i]!,
    })),
    base: values.base,
    settings: parameters.settings,
    precision,
    mergekit,
    seed,
  };
  const part = (from: number, bytes: Uint8Array): Result<MergedPart> => {
    const broken = ops.findNonFinite({ dtype, bytes });
    if (broken < 0) return ok({ tensor, from: range.from + from, values: { dtype, bytes } });
    return fail(
      "bad-set",
      `its merged value number ${range.from + from + broken} is not finite as ${dtype}.`,
      {
        tensor: tensor.name,
        remedy: dtype === "F16" ? "Write BF16 or F32 instead." : "Check the components' weights.",
      },
    );
  };
  try {
    if (!method.blocks || length * size <= PART_BYTES) {
      const bytes = take(length * size);
      const encode = (from: number, block: Float32Array): void =>
        ops.encode(block, dtype, bytes.subarray(from * size, (from + block.length) * size));
      const sink = Object.assign(encode, { encoded: { dtype, bytes } });
      const merged = method.merge(task, ops, sink);
      yield merged.ok ? part(0, bytes) : merged;
      return;
    }
    const blocks = method.blocks(task, ops);
    const most = PART_BYTES / size;
    let start = 0;
    let bytes = take(Math.min(most, length) * size);
    for (let next = blocks.next(); ; next = blocks.next()) {
      if (next.done) {
        if (!next.value.ok) yield next.value;
        return;
      }
      const { from, block } = next.value;
      for (let done = 0; done < block.length; ) {
        const room = bytes.length / size - (from + done - start);
        const cut = block.subarray(done, done + room);
        const at = (from + done - start) * size;
        ops.encode(cut, dtype, bytes.subarray(at, at + cut.length * size));
        done += cut.length;
        if (at + cut.length * size < bytes.length) continue;
        yield part(start, bytes);
        start = from + done;
        if (start < length) bytes = take(Math.min(most, length - start) * size);
      }
    }
  } finally {
    ops.reset();
  }
}
