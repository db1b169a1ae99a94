import { ACTIVATION_NAMES, activate } from "../activations";
import { columns, layerNorm, linear } from "../blocks";
import type { Blueprint } from "../blueprint";
import { type ConfigFields, wrong } from "../config-fields";
import { readRotary } from "../rotary";
import { vectors } from "../shared-fields";

/** GPTNeoXForCausalLM (Pythia): partial rotary embedding, attention and MLP side by side or one after the other. */
export function gptNeox(fields: ConfigFields): Blueprint {
  const hidden = fields.size("hidden_size", 6144);
  const layers = fields.size("num_hidden_layers", 44, 1024);
  const heads = fields.size("num_attention_heads", 64, 65_536);
  const maxLength = fields.size("max_position_embeddings", 2048, 2 ** 31);
  const vocabulary = fields.size("vocab_size", 50_432);
  const inner = fields.size("intermediate_size", 24_576);
  const eps = fields.positive("layer_norm_eps", 1e-5);
  const activation = fields.oneOf("hidden_act", ACTIVATION_NAMES, "gelu");
  const parallel = fields.flag("use_parallel_residual", true);
  const bias = fields.flag("attention_bias", true);
  if (hidden % heads !== 0)
    wrong(`hidden_size (${hidden}) is no multiple of num_attention_heads (${heads}).`);
  const headDim = hidden / heads;
  const embedding = "gpt_neox.embed_in.weight";
  return {
    family: "gpt_neox",
    vocabulary,
    hidden,
    layers,
    maxLength,
    heads,
    kvHeads: heads,
    headDim,
    prefix: "gpt_neox.",
    embedding,
    rotary: readRotary(fields, {
      headDim,
      maxLength,
      thetaField: "rotary_emb_base",
      partialField: "rotary_pct",
      partial: 0.25,
    }),
    layerPrefix: (i) => `gpt_neox.layers.${i}.`,
    layerWeights: [
      ...vectors({
        "input_layernorm.weight": hidden,
        "input_layernorm.bias": hidden,
        "post_attention_layernorm.weight": hidden,
        "post_attention_layernorm.bias": hidden,
      }),
      { name: "attention.query_key_value.weight", shape: [3 * hidden, hidden] },
      { name: "attention.dense.weight", shape: [hidden, hidden] },
      ...(bias
        ? vectors({ "attention.query_key_value.bias": 3 * hidden, "attention.dense.bias": hidden })
        : []),
      { name: "mlp.dense_h_to_4h.weight", shape: [inner, hidden] },
      { name: "mlp.dense_h_to_4h.bias", shape: [inner] },
      { name: "mlp.dense_4h_to_h.weight", shape: [hidden, inner] },
      { name: "mlp.dense_4h_to_h.bias", shape: [hidden] },
    ],
    block: ({ g, w, attention, goingOn }, x) => {
      const project = (name: string, rows: string, biased = true) =>
        linear(g, rows, w(`${name}.weight`), biased ? w(`${name}.bias`) : undefined);
      const norm = (name: string, rows: string) =>
        layerNorm(g, rows, w(`${name}.weight`), w(`${name}.bias`), eps);
      const mlp = (rows: string) => {
        const wide = project("mlp.dense_h_to_4h", norm("post_attention_layernorm", rows));
        return project("mlp.dense_4h_to_h", activate(g, activation, wide));
      };
      // Each head's query, key and value lie side by side.
      const qkv = g.node("Reshape", [
        project("attention.query_key_value", norm("input_layernorm", x), bias),
        g.ints(-1, heads, 3 * headDim),
      ]);
      const [q, k, v] = [0, 1, 2].map((i) =>
        g.node("Reshape", [columns(g, qkv, i * headDim, (i + 1) * headDim), g.ints(-1, hidden)]),
      );
      const mixed = project(
        "attention.dense",
        attention(q!, k!, v!, { scale: 1 / Math.sqrt(headDim) }),
        bias,
      );
      const before = goingOn(x);
      const y = g.node("Add", [before, mixed]);
      return g.node("Add", [y, mlp(parallel ? before : y)]);
    },
    finalNorm: {
      weights: vectors({
        "gpt_neox.final_layer_norm.weight": hidden,
        "gpt_neox.final_layer_norm.bias": hidden,
      }),
      apply: (g, x, w) =>
        layerNorm(g, x, w("gpt_neox.final_layer_norm.weight"), w("gpt_neox.final_layer_norm.bias"), eps),
    },
    head: { weight: fields.flag("tie_word_embeddings", false) ? embedding : "embed_out.weight" },
  };
}
