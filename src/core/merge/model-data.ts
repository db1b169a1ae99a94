import type { TensorBytes } from "../checkpoint/model-writer";
import type { OpenedComponentSet } from "../checkpoint/open-set";
import type { DeclaredTensor } from "../checkpoint/safetensors-writer";
import { ok, type Result } from "../result";
import { type MergeOptions, type MergePlan, mergeTensors } from "./merge-plan";

type Copied = Pick<OpenedComponentSet, "base" | "buffers">;

/** The model's tensors as its weight files declare them: what is merged, then what is copied from the base. */
export const declaredTensors = ({ tensors, dtype }: MergePlan, { buffers }: Copied): DeclaredTensor[] => [
  ...tensors.map(({ name, shape }) => ({ name, shape, dtype })),
  ...buffers,
];

/** The same tensors as a stream of bytes for `writeModel`. */
export async function* modelData(
  plan: MergePlan,
  { base, buffers }: Copied,
  options: MergeOptions = {},
): AsyncGenerator<Result<TensorBytes>, void, undefined> {
  for await (const part of mergeTensors(plan, options)) {
    if (!part.ok) return yield part;
    yield ok({ name: part.value.tensor.name, bytes: part.value.values.bytes });
  }
  for (const { name } of buffers) {
    const bytes = await base.raw(name, options.signal);
    if (!bytes.ok) return yield bytes;
    yield ok({ name, bytes: bytes.value });
  }
}
