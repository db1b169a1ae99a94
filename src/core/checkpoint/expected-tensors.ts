import { fail, ok, type Result } from "../result";
import type { GroupUpdate } from "./component-set";
import type { Qwen3Config } from "./config";
import { isReadable, READABLE } from "./dtype";
import type { Checkpoint } from "./sharded";
import { quote, shorten } from "./strict-json";

export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Every weight of the model in Hugging Face naming, in the model's order; matrices are [out, in]. */
export function expectedTensors(config: Qwen3Config): ExpectedTensor[] {
  const { hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize } = config;
  const tensors: ExpectedTensor[] = [{ name: "model.embed_tokens.weight", shape: [vocabSize, hiddenSize] }];
  for (let layer = 0; layer < config.layers; layer++) {
    const add = (name: string, ...shape: number[]) =>
      tensors.push({ name: `model.layers.${layer}.${name}.weight`, shape });
    add("input_layernorm", hiddenSize);
    add("self_attn.q_proj", heads * headDim, hiddenSize);
    add("self_attn.k_proj", kvHeads * headDim, hiddenSize);
    add("self_attn.v_proj", kvHeads * headDim, hiddenSize);
    add("self_attn.o_proj", hiddenSize, heads * headDim);
    add("self_attn.q_norm", headDim);
    add("self_attn.k_norm", headDim);
    add("post_attention_layernorm", hiddenSize);
    add("mlp.gate_proj", intermediateSize, hiddenSize);
    add("mlp.up_proj", intermediateSize, hiddenSize);
    add("mlp.down_proj", hiddenSize, intermediateSize);
  }
  tensors.push({ name: "model.norm.weight", shape: [hiddenSize] });
  if (!config.tieWordEmbeddings) tensors.push({ name: HEAD, shape: [vocabSize, hiddenSize] });
  return tensors;
}

const HEAD = "lm_head.weight";

export const elementsOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The place and kind by which updates are grouped. */
export function groupOf(name: string): Pick<GroupUpdate, "place" | "kind"> {
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  if (layer === undefined) {
    if (name === "model.norm.weight") return { place: "final norm", kind: "norm" };
    return { place: name === HEAD ? "head" : "embed", kind: "embedding" };
  }
  const kind = name.includes("norm") ? "norm" : name.includes(".mlp.") ? "mlp" : "attention";
  return { place: `layer ${layer}`, kind };
}

/** Checks that a checkpoint holds exactly the expected tensors, in readable dtypes. The value lists warnings. */
export function checkTensors(
  checkpoint: Checkpoint,
  expected: readonly ExpectedTensor[],
  config: Qwen3Config,
): Result<string[]> {
  const remedy = "Check that config.json and the weights belong together.";
  const warnings: string[] = [];
  for (const { name, shape } of expected) {
    const info = checkpoint.info(name);
    if (!info)
      return fail("bad-set", "the weights lack this tensor, which config.json calls for.", {
        file: checkpoint.name,
        tensor: name,
        remedy,
      });
    const where = { file: info.file, tensor: name };
    if (!sameShape(info.shape, shape))
      return fail(
        "bad-set",
        `its shape is [${shorten(info.shape.join(", "))}], but config.json calls for [${shape.join(", ")}].`,
        { ...where, remedy },
      );
    if (!isReadable(info.dtype))
      return fail("bad-set", `its dtype ${info.dtype} cannot be merged.`, {
        ...where,
        remedy: `Save the checkpoint in one of ${READABLE.join(", ")}.`,
      });
  }
  const names = new Set(expected.map((t) => t.name));
  for (const name of checkpoint.tensorNames) {
    if (names.has(name)) continue;
    const info = checkpoint.info(name)!;
    const where = { file: info.file, tensor: shorten(name) };
    if (name === HEAD && sameShape(info.shape, [config.vocabSize, config.hiddenSize]))
      warnings.push(
        `${info.file} holds ${HEAD} although tie_word_embeddings is true: the embedding is used in its place, as transformers does.`,
      );
    else if (name.endsWith(".rotary_emb.inv_freq"))
      warnings.push(`${info.file}: ${quote(name)} is a stored constant and is ignored.`);
    else
      return fail("bad-set", "this tensor has no place in the model that config.json describes.", {
        ...where,
        remedy,
      });
  }
  return ok(warnings);
}

const sameShape = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((size, i) => size === b[i]);
