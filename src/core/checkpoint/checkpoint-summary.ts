import { elementsOf } from "./expected-tensors";
import type { OpenedFolder } from "./sharded";

/** What a folder was found to hold, before it is a member of any set; no weights were read. */
export interface CheckpointSummary {
  readonly kind: "model" | "adapter";
  /** As config.json names it; null where it does not, and for an adapter. */
  readonly architecture: string | null;
  /** Elements of all stored tensors. */
  readonly parameters: number;
  /** Bytes of the weight files. */
  readonly bytes: number;
  /** Of the stored tensors, "mixed" where they differ. */
  readonly dtype: string;
  readonly hasTokenizer: boolean;
}

export function summarise(opened: OpenedFolder): CheckpointSummary {
  if (opened.kind === "adapter") {
    const { weights, files, tokenizer } = opened.adapter;
    return {
      kind: "adapter",
      architecture: null,
      ...contents([...weights.tensors.values()]),
      bytes: files.find(({ path }) => path.endsWith(".safetensors"))?.source.size ?? 0,
      hasTokenizer: tokenizer !== null,
    };
  }
  const { checkpoint } = opened;
  const { architectures } = checkpoint.config;
  const named: unknown = Array.isArray(architectures) ? architectures[0] : null;
  return {
    kind: "model",
    architecture: typeof named === "string" ? named : null,
    ...contents(checkpoint.tensorNames.map((name) => checkpoint.info(name)!)),
    bytes: checkpoint.bytes,
    hasTokenizer: checkpoint.tokenizer !== null,
  };
}

function contents(
  tensors: readonly { readonly dtype: string; readonly shape: readonly number[] }[],
): Pick<CheckpointSummary, "parameters" | "dtype"> {
  const dtypes = new Set(tensors.map((t) => t.dtype));
  return {
    parameters: tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    dtype: dtypes.size === 1 ? [...dtypes][0]! : "mixed",
  };
}
