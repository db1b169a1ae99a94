import { fail, ok, type Result } from "../result";
import { tiesByDefault } from "./config-difference";
import { bitsOf, isReadable, READABLE } from "./dtype";
import type { ExpectedTensor } from "./expected-tensors";
import type { Checkpoint, PlainObject } from "./sharded";
import { quote, shorten } from "./strict-json";

/** A tensor that is no weight, such as a table of whole numbers; the merged model has the base's. */
export interface ModelBuffer extends ExpectedTensor {
  readonly dtype: string;
}

/** An output head stored beside the embedding that it is tied to. */
export interface TiedHead {
  readonly head: string;
  readonly embedding: string;
}

/** What each tensor of a checkpoint is, in the order of its files. */
export interface TensorRoles {
  /** Floating point: what is merged. */
  readonly weights: readonly ExpectedTensor[];
  readonly buffers: readonly ModelBuffer[];
  /** Not merged, since it is the embedding once more. */
  readonly tied: TiedHead | null;
  /** Constants that the model computes anew: neither merged nor kept. */
  readonly derived: readonly string[];
}

const INTEGERS: ReadonlySet<string> = new Set(["I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"]);

const EMBEDDING = /(^|\.)(embed_tokens|wte|embed_in|word_embeddings|tok_embeddings|embedding)\.weight$/;
const HEAD = /(^|\.)(lm_head|embed_out)\.weight$/;

export const isEmbedding = (name: string): boolean => EMBEDDING.test(name);
export const isHead = (name: string): boolean => HEAD.test(name);

/** Rotary frequencies and their tables, positions, and the causal masks of older GPT code. */
function isDerived(name: string, shape: readonly number[]): boolean {
  if (
    /(^|\.)(rotary_emb|rotary_pos_emb|rotary)\.(inv_freq|original_inv_freq|cos_cached|sin_cached)$/.test(name)
  )
    return true;
  if (/(^|\.)position_ids$/.test(name)) return true;
  if (/(^|\.)(attn|attention)\.masked_bias$/.test(name)) return shape.every((size) => size === 1);
  if (!/(^|\.)(attn|attention)\.bias$/.test(name)) return false;
  return shape.length === 4 && shape[0] === 1 && shape[1] === 1 && shape[2] === shape[3];
}

/**
 * Sorts a checkpoint's tensors. A head of the embedding's shape counts as tied where config.json says so or, in a component
 * (`baseHas` tells the base's weights), where the base has none. Refused: dtypes that cannot be merged.
 */
export function tensorRoles(
  checkpoint: Checkpoint,
  baseHas: (name: string) => boolean = () => true,
): Result<TensorRoles> {
  const tied = tiedHead(checkpoint, baseHas);
  const weights: ExpectedTensor[] = [];
  const buffers: ModelBuffer[] = [];
  const derived: string[] = [];
  for (const name of checkpoint.tensorNames) {
    const { dtype, shape, file } = checkpoint.info(name)!;
    if (name === tied?.head) continue;
    if (isDerived(name, shape)) derived.push(name);
    else if (isReadable(dtype)) weights.push({ name, shape });
    else if (INTEGERS.has(dtype)) buffers.push({ name, shape, dtype });
    else
      return fail("bad-set", `its dtype ${dtype} (${bitsOf(dtype)} bits) cannot be merged.`, {
        file,
        tensor: shorten(name),
        remedy: `Save the checkpoint in one of ${READABLE.join(", ")}.`,
      });
  }
  return ok({ weights, buffers, tied, derived });
}

const ties = (config: PlainObject): boolean | null =>
  typeof config.tie_word_embeddings === "boolean" ? config.tie_word_embeddings : tiesByDefault(config);

function tiedHead(checkpoint: Checkpoint, baseHas: (name: string) => boolean): TiedHead | null {
  const head = checkpoint.tensorNames.find(isHead);
  const embedding = checkpoint.tensorNames.find(isEmbedding);
  if (head === undefined || embedding === undefined) return null;
  const tie = ties(checkpoint.config);
  if (tie === false || (tie === null && baseHas(head))) return null;
  const [a, b] = [checkpoint.info(head)!.shape, checkpoint.info(embedding)!.shape];
  return sameShape(a, b) ? { head, embedding } : null;
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** What is left out of the merge, for the user. */
export function rolesWarnings(checkpoint: Checkpoint, { tied, derived }: TensorRoles): string[] {
  const warnings: string[] = [];
  if (tied) {
    const { file } = checkpoint.info(tied.head)!;
    warnings.push(
      `${file} holds ${tied.head} although tie_word_embeddings is true: ${tied.embedding} stands for both, as in transformers, and both must be equal.`,
    );
  }
  const [first] = derived;
  if (first !== undefined) {
    const { file } = checkpoint.info(first)!;
    const which = derived.length === 1 ? quote(first) : `${quote(first)} and ${derived.length - 1} more`;
    warnings.push(
      `${file}: ${which} ${derived.length === 1 ? "is a stored constant" : "are stored constants"} that the model computes itself: ignored.`,
    );
  }
  return warnings;
}
