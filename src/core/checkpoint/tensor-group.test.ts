import { expect, it } from "vitest";
import { groupOf } from "./tensor-group";

it.each([
  ["model.embed_tokens.weight", "embed", "embedding"],
  ["model.layers.12.self_attn.q_norm.weight", "layer 12", "norm"],
  ["model.layers.0.post_attention_layernorm.weight", "layer 0", "norm"],
  ["model.layers.0.mlp.up_proj.weight", "layer 0", "mlp"],
  ["model.layers.0.self_attn.o_proj.weight", "layer 0", "attention"],
  ["model.norm.weight", "final norm", "norm"],
  ["lm_head.weight", "head", "embedding"],
  // GPT-2, with and without its prefix
  ["transformer.wte.weight", "embed", "embedding"],
  ["wpe.weight", "embed", "embedding"],
  ["h.3.ln_1.weight", "layer 3", "norm"],
  ["transformer.h.3.attn.c_attn.weight", "layer 3", "attention"],
  ["transformer.h.3.attn.c_proj.bias", "layer 3", "attention"],
  ["transformer.h.3.mlp.c_proj.weight", "layer 3", "mlp"],
  ["transformer.ln_f.bias", "final norm", "norm"],
  // GPT-NeoX
  ["gpt_neox.embed_in.weight", "embed", "embedding"],
  ["gpt_neox.layers.7.attention.query_key_value.weight", "layer 7", "attention"],
  ["gpt_neox.layers.7.mlp.dense_h_to_4h.bias", "layer 7", "mlp"],
  ["gpt_neox.layers.7.input_layernorm.bias", "layer 7", "norm"],
  ["gpt_neox.final_layer_norm.weight", "final norm", "norm"],
  ["embed_out.weight", "head", "embedding"],
  // Phi, Gemma, OLMo 2, OPT, Mixtral, BLOOM
  ["model.layers.1.self_attn.dense.weight", "layer 1", "attention"],
  ["model.layers.1.mlp.fc2.weight", "layer 1", "mlp"],
  ["model.final_layernorm.weight", "final norm", "norm"],
  ["model.layers.2.pre_feedforward_layernorm.weight", "layer 2", "norm"],
  ["model.layers.2.post_feedforward_layernorm.weight", "layer 2", "norm"],
  ["model.decoder.layers.4.fc1.weight", "layer 4", "mlp"],
  ["model.decoder.layers.4.final_layer_norm.weight", "layer 4", "norm"],
  ["model.decoder.embed_positions.weight", "embed", "embedding"],
  ["model.layers.5.block_sparse_moe.experts.0.w1.weight", "layer 5", "mlp"],
  ["model.layers.5.block_sparse_moe.gate.weight", "layer 5", "mlp"],
  ["word_embeddings_layernorm.weight", "embed", "norm"],
  ["h.0.self_attention.query_key_value.weight", "layer 0", "attention"],
])("%s belongs to %s, %s", (name, place, kind) => {
  expect(groupOf(name)).toEqual({ place, kind });
});
