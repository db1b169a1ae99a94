import type { TensorBytes } from "../checkpoint/model-writer";
import type { DeclaredTensor } from "../checkpoint/safetensors-writer";
import { ok, type Result } from "../result";
import { type MergeOptions, type MergePlan, mergeTensors } from "./merge-plan";

/** The merged tensors as a weight file declares them. */
export const declaredTensors = ({ tensors, dtype }: MergePlan): DeclaredTensor[] =>
  tensors.map(({ name, shape }) => ({ name, shape, dtype }));

/** The merged tensors as a stream of bytes for `writeModel`. */
export async function* mergedData(
  plan: MergePlan,
  options: MergeOptions = {},
): AsyncGenerator<Result<TensorBytes>, void, undefined> {
  for await (const part of mergeTensors(plan, options))
    yield part.ok ? ok({ name: part.value.tensor.name, bytes: part.value.values.bytes }) : part;
}
