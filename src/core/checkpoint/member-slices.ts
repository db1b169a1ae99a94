import { BLOCK, bytesPer, type StoredValues } from "../merge/block-ops";
import { fail, ok, type Result } from "../result";
import { cancelled } from "./byte-source";
import { isReadable } from "./dtype";
import { type ExpectedTensor, elementsOf } from "./expected-tensors";
import type { Checkpoint } from "./sharded";

/** A slice of one tensor of every member, in the members' order. */
export interface MemberSlice {
  readonly tensor: ExpectedTensor;
  /** Elements [from, to). */
  readonly from: number;
  readonly to: number;
  readonly members: readonly StoredValues[];
}

/** Bytes of the slices that are held at a time, one in work and one being read, of members stored in 16 bits. */
const HELD = 64 * 2 ** 20;
const LONGEST = 2 ** 21;

/**
 * All tensors of all members slice by slice, the next slice being read while one is in work. What lies in a member's files
 * before a tensor and is no weight is read on the way (and dropped), so that sources which hash what passes in the order of
 * the file have no gap. The first failure is yielded and ends it; so does an abort.
 */
export async function* memberSlices(
  tensors: readonly ExpectedTensor[],
  members: readonly Checkpoint[],
  signal?: AbortSignal,
): AsyncGenerator<Result<MemberSlice>, void, undefined> {
  const blocks = Math.floor(HELD / (2 * 2 * members.length * BLOCK));
  const longest = Math.min(LONGEST, Math.max(1, blocks) * BLOCK);
  const between = members.map((member) => tensorsBetween(member, new Set(tensors.map((t) => t.name))));
  const slices = slicesOf(tensors, longest);
  const begin = () => {
    const next = slices.next();
    return next.done ? null : readSlice(next.value, members, between, signal);
  };
  let reading = begin();
  while (reading) {
    const slice: Result<MemberSlice> = await reading;
    if (signal?.aborted) return yield cancelled();
    if (!slice.ok) return yield slice;
    reading = begin();
    // Work keeps the thread: let the next read begin first.
    await Promise.resolve();
    yield slice;
  }
}

type Span = Omit<MemberSlice, "members">;

function* slicesOf(
  tensors: readonly ExpectedTensor[],
  longest: number,
): Generator<Span, undefined, undefined> {
  for (const tensor of tensors) {
    const total = elementsOf(tensor.shape);
    for (let from = 0; from < total; from += longest)
      yield { tensor, from, to: Math.min(total, from + longest) };
  }
}

/** For each weight the other tensors that lie directly before it. */
function tensorsBetween(
  member: Checkpoint,
  weights: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const between = new Map<string, string[]>();
  let others: string[] = [];
  for (const name of member.tensorNames) {
    if (!weights.has(name)) others.push(name);
    else if (others.length > 0) {
      between.set(name, others);
      others = [];
    }
  }
  return between;
}

async function readSlice(
  span: Span,
  members: readonly Checkpoint[],
  between: readonly ReadonlyMap<string, readonly string[]>[],
  signal?: AbortSignal,
): Promise<Result<MemberSlice>> {
  const { tensor, from, to } = span;
  const read = await Promise.all(
    members.map(async (member, i): Promise<Result<StoredValues>> => {
      if (from === 0)
        for (const name of between[i]!.get(tensor.name) ?? []) {
          const passed = await passBy(member, name, signal);
          if (!passed.ok) return passed;
        }
      return member.values(tensor.name, { from, to }, signal);
    }),
  );
  const values: StoredValues[] = [];
  for (const result of read) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok({ ...span, members: values });
}

/** Reads a tensor and drops it. */
async function passBy(member: Checkpoint, name: string, signal?: AbortSignal): Promise<Result<unknown>> {
  const { dtype, shape } = member.info(name)!;
  if (!isReadable(dtype)) return member.raw(name, signal);
  for (const { from, to } of slicesOf([{ name, shape }], LONGEST)) {
    const read = await member.values(name, { from, to }, signal);
    if (!read.ok) return read;
  }
  return ok(null);
}

/** The first element in which two tensors of one shape in one checkpoint differ; null where there is none. */
export async function differsAt(
  checkpoint: Checkpoint,
  [first, second]: readonly [string, string],
  signal?: AbortSignal,
): Promise<Result<number | null>> {
  const { shape } = checkpoint.info(first)!;
  for (const range of slicesOf([{ name: first, shape }], LONGEST)) {
    const a = await checkpoint.values(first, range, signal);
    if (!a.ok) return a;
    const b = await checkpoint.values(second, range, signal);
    if (!b.ok) return b;
    if (a.value.dtype !== b.value.dtype)
      return fail("bad-set", `is stored as ${a.value.dtype}, ${second} as ${b.value.dtype}.`, {
        file: checkpoint.name,
        tensor: first,
      });
    const [x, y] = [a.value.bytes, b.value.bytes];
    const at = x.findIndex((byte, i) => byte !== y[i]);
    if (at >= 0) return ok(range.from + Math.floor(at / bytesPer[a.value.dtype]));
  }
  return ok(null);
}
