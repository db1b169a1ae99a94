import { type BlockOps, bytesPer, PlainOps } from "../merge/block-ops";
import { fail, ok, type Result } from "../result";
import { cancelled } from "./byte-source";
import { weightSums } from "./checksums";
import type { ComponentHealth } from "./component-set";
import { decode } from "./dtype";
import { differsAt, type MemberSlice, memberSlices } from "./member-slices";
import type { OpenedComponentSet } from "./open-set";
import type { CallOptions } from "./progress";
import type { SetSums } from "./set-hash";
import type { Checkpoint } from "./sharded";
import { type NonFinite, UpdateStatistics } from "./update-statistics";

export interface SetHealth {
  /** In the set's order. */
  readonly health: readonly ComponentHealth[];
  readonly warnings: readonly string[];
  /** Of the weight files; equal to the stated ones where the set states them. */
  readonly sums: SetSums;
}

export interface HealthOptions extends CallOptions {
  /** JavaScript where absent. Its blocks are freed while a slice is in work, and left free. */
  readonly ops?: BlockOps;
}

/** Above this δ the paper's merged models no longer score like trained ones (Table 12). */
export const LARGE_UPDATE = 0.1;

const MB = 2 ** 20;

/**
 * One pass over all weights, slice by slice: update magnitudes, cosines, agreement of signs, checksums. Refuses NaN and
 * infinite weights, tied heads that are not the embedding, and wrong checksums. Holds a few megabytes of each member.
 */
export async function measureHealth(
  set: OpenedComponentSet,
  { ops = new PlainOps(), signal, onProgress }: HealthOptions = {},
): Promise<Result<SetHealth>> {
  const statistics = new UpdateStatistics(set.components.map(({ member }) => member.id));
  const members = [set.base, ...set.components.map((c) => c.checkpoint)];
  const total = Math.ceil(set.bytes / MB);
  const wrong = await checkTiedHeads(set, signal);
  if (wrong) return wrong;
  for (const { files } of members) for (const { source } of files) source.follow(true);
  let read = 0;
  for await (const slice of memberSlices(set.tensors, members, signal)) {
    if (!slice.ok) return slice;
    const { tensor, from, to, members: values } = slice.value;
    const done = Math.min(total, Math.floor(read / MB));
    onProgress?.({ done, total, unit: "MB", what: tensor.name });
    if (signal?.aborted) return cancelled();
    const broken = statistics.add(tensor.name, to - from, values[0]!, values.slice(1), ops);
    if (broken) return refuseNonFinite(members[broken.member]!, slice.value, broken);
    for (const { bytes } of values) read += bytes.length;
  }
  const sums = await weightSums(set, { signal });
  if (!sums.ok) return sums;
  onProgress?.({ done: total, total, unit: "MB", what: "done" });
  return ok({ health: statistics.health(), warnings: warningsOf(statistics), sums: sums.value });
}

function refuseNonFinite(
  checkpoint: Checkpoint,
  { tensor, from, members }: MemberSlice,
  { member, at }: NonFinite,
): Result<never> {
  const { dtype, bytes } = members[member]!;
  const size = bytesPer[dtype];
  const [value] = decode(bytes.subarray(at * size, (at + 1) * size), dtype);
  return fail("bad-set", `its value number ${from + at} is ${value}, so the model is broken.`, {
    file: checkpoint.info(tensor.name)?.file ?? checkpoint.name,
    tensor: tensor.name,
    remedy: "Take an earlier checkpoint of this run, or save it in F32 or BF16 if it overflowed F16.",
  });
}

/** Refuses a head that differs from the embedding for which it is left out; null where all are equal. */
async function checkTiedHeads(set: OpenedComponentSet, signal?: AbortSignal): Promise<Result<never> | null> {
  for (const { checkpoint, head, embedding } of set.tiedHeads) {
    const at = await differsAt(checkpoint, [head, embedding], signal);
    if (!at.ok) return at;
    if (at.value === null) continue;
    return fail(
      "bad-set",
      `its value number ${at.value} differs from ${embedding}, to which config.json ties it.`,
      {
        file: checkpoint.info(head)?.file ?? checkpoint.name,
        tensor: head,
        remedy:
          "Set tie_word_embeddings to false in every config.json of the set, or save the model with tied weights.",
      },
    );
  }
  return null;
}

function warningsOf(statistics: UpdateStatistics): string[] {
  const warnings: string[] = [];
  for (const [i, { id, delta }] of statistics.health().entries()) {
    const twin = statistics.equalTo(i);
    if (twin === "base") warnings.push(`"${id}" has the base's weights: it was not trained.`);
    else if (twin !== null) warnings.push(`"${id}" and "${twin}" have the same weights.`);
    if (delta > LARGE_UPDATE)
      warnings.push(
        `"${id}" moved ${(delta * 100).toFixed(1)} % from the base; above ${LARGE_UPDATE * 100} % its merges predict trained models less well.`,
      );
  }
  return warnings;
}
