import { bytesPer, type StoredValues } from "../merge/block-ops";
import { ok, type Result } from "../result";
import { decode, isReadable, type ReadableDtype } from "./dtype";
import { elementsOf } from "./expected-tensors";
import type { Checkpoint, StoredTensor } from "./sharded";

/**
 * A component in the base's shape, where its vocabulary has other rows of padding than the base's: of the named tensors, rows
 * beyond the base's are cut, and missing ones are the base's, so that a merge does not move them. Where the two are stored in
 * different dtypes a completed tensor is float32.
 */
export function paddedCheckpoint(own: Checkpoint, base: Checkpoint, names: ReadonlySet<string>): Checkpoint {
  const infos = new Map<string, StoredTensor>();
  for (const name of names) {
    const [mine, theirs] = [own.info(name)!, base.info(name)!];
    const cut = mine.shape[0]! >= theirs.shape[0]!;
    const dtype = cut || mine.dtype === theirs.dtype ? mine.dtype : "F32";
    infos.set(name, { dtype, shape: theirs.shape, file: mine.file });
  }
  const values: Checkpoint["values"] = async (name, range, signal) => {
    const info = infos.get(name);
    if (!info || !isReadable(info.dtype)) return own.values(name, range, signal);
    const { from, to } = range ?? { from: 0, to: elementsOf(info.shape) };
    const held = Math.min(elementsOf(own.info(name)!.shape), elementsOf(info.shape));
    const parts: StoredValues[] = [];
    for (const [source, start, end] of [
      [own, from, Math.min(to, held)],
      [base, Math.max(from, held), to],
    ] as const) {
      if (start >= end) continue;
      const part = await source.values(name, { from: start, to: end }, signal);
      if (!part.ok) return part;
      parts.push(part.value);
    }
    return ok({ dtype: info.dtype, bytes: join(parts, info.dtype, to - from) });
  };
  return {
    ...own,
    info: (name) => infos.get(name) ?? own.info(name),
    values,
    tensor: async (name, signal): Promise<Result<Float32Array<ArrayBuffer>>> => {
      const stored = await values(name, undefined, signal);
      return stored.ok ? ok(decode(stored.value.bytes, stored.value.dtype)) : stored;
    },
  };
}

function join(parts: readonly StoredValues[], dtype: ReadableDtype, elements: number): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first?.dtype === dtype) return first.bytes;
  const whole = new Uint8Array(elements * bytesPer[dtype]);
  let at = 0;
  for (const part of parts) {
    const bytes = part.dtype === dtype ? part.bytes : new Uint8Array(decode(part.bytes, part.dtype).buffer);
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
