import type { ReadableDtype, WritableDtype } from "../../checkpoint/dtype";
import type { Precision } from "../block-ops";
import type { MergeConfig } from "./merge-config";

export interface ConfigDtypes {
  /** What mergekit casts every input to and computes in; `TensorTask.precision` in mergekit-compatible mode. */
  readonly precision: Precision;
  /** What mergekit writes. */
  readonly written: WritableDtype;
}

const WRITTEN: Readonly<Record<Precision, WritableDtype>> = {
  float32: "F32",
  bfloat16: "BF16",
  float16: "F16",
};

/**
 * Types of a merge, given the types in which its inputs (components and base) store a tensor. Without `dtype` mergekit
 * promotes them as torch does: bfloat16 with float16 gives float32. Float64 and 8-bit inputs are computed in float32 here.
 */
export function configDtypes(
  { dtype, outDtype }: Pick<MergeConfig, "dtype" | "outDtype">,
  stored: Iterable<ReadableDtype>,
): ConfigDtypes {
  const precision = dtype ?? promoted(new Set(stored));
  return { precision, written: WRITTEN[outDtype ?? precision] };
}

function promoted(stored: ReadonlySet<ReadableDtype>): Precision {
  const [only, ...others] = stored;
  if (others.length > 0) return "float32";
  return only === "BF16" ? "bfloat16" : only === "F16" ? "float16" : "float32";
}
