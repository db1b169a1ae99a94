import { fail, ok, type Result } from "../result";
import { cancelled } from "./byte-source";
import { weightSums } from "./checksums";
import type { ComponentHealth } from "./component-set";
import { firstNonFinite } from "./dtype";
import type { OpenedComponentSet } from "./open-set";
import type { CallOptions } from "./progress";
import type { SetSums } from "./set-hash";
import type { Checkpoint } from "./sharded";
import { UpdateStatistics } from "./update-statistics";

export interface SetHealth {
  /** In the set's order. */
  readonly health: readonly ComponentHealth[];
  readonly warnings: readonly string[];
  /** Of the weight files; equal to the stated ones where the set states them. */
  readonly sums: SetSums;
}

/** Above this δ the paper's merged models no longer score like trained ones (Table 12). */
export const LARGE_UPDATE = 0.1;

/**
 * One pass over all weights, tensor by tensor: update magnitudes, cosines, checksums. Refuses NaN and infinite
 * weights and wrong checksums. Holds one tensor of base and of each component.
 */
export async function measureHealth(
  set: OpenedComponentSet,
  { signal, onProgress }: CallOptions = {},
): Promise<Result<SetHealth>> {
  const ids = set.components.map(({ member }) => member.id);
  const statistics = new UpdateStatistics(ids);
  for (const [done, { name }] of set.tensors.entries()) {
    onProgress?.({ done, total: set.tensors.length, unit: "tensors", what: name });
    const read = await Promise.all(
      [set.base, ...set.components.map((c) => c.checkpoint)].map((c) => finiteTensor(c, name, signal)),
    );
    const values: Float32Array[] = [];
    for (const tensor of read) {
      if (!tensor.ok) return tensor;
      values.push(tensor.value);
    }
    statistics.add(name, values[0]!, values.slice(1));
    if (signal?.aborted) return cancelled();
  }
  const sums = await weightSums(set, { signal });
  if (!sums.ok) return sums;
  onProgress?.({ done: set.tensors.length, total: set.tensors.length, unit: "tensors", what: "done" });
  return ok({ health: statistics.health(), warnings: warningsOf(statistics), sums: sums.value });
}

async function finiteTensor(
  checkpoint: Checkpoint,
  name: string,
  signal?: AbortSignal,
): Promise<Result<Float32Array>> {
  const tensor = await checkpoint.tensor(name, signal);
  if (!tensor.ok) return tensor;
  const at = firstNonFinite(tensor.value);
  if (at < 0) return tensor;
  return fail("bad-set", `its value number ${at} is ${tensor.value[at]}, so the model is broken.`, {
    file: checkpoint.info(name)?.file ?? checkpoint.name,
    tensor: name,
    remedy: "Take an earlier checkpoint of this run, or save it in F32 or BF16 if it overflowed F16.",
  });
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
