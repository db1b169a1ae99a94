import type { Qwen3Config } from "./config";

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
  if (!config.tieWordEmbeddings) tensors.push({ name: "lm_head.weight", shape: [vocabSize, hiddenSize] });
  return tensors;
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
