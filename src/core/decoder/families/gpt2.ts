import { ACTIVATION_NAMES, activate } from "../activations";
import { columns, conv1d, layerNorm } from "../blocks";
import type { Blueprint } from "../blueprint";
import { type ConfigFields, wrong } from "../config-fields";
import { vectors } from "../shared-fields";

/** GPT2LMHeadModel: learned positions, layer norms, and linear layers stored as [in, out]. */
export function gpt2(fields: ConfigFields): Blueprint {
  const hidden = fields.size("n_embd", 768);
  const layers = fields.size("n_layer", 12, 1024);
  const heads = fields.size("n_head", 12, 65_536);
  const maxLength = fields.size("n_positions", 1024, 2 ** 24);
  const vocabulary = fields.size("vocab_size", 50_257);
  const inner = fields.size("n_inner", 4 * hidden);
  const eps = fields.positive("layer_norm_epsilon", 1e-5);
  const activation = fields.oneOf("activation_function", ACTIVATION_NAMES, "gelu_new");
  if (hidden % heads !== 0) wrong(`n_embd (${hidden}) is no multiple of n_head (${heads}).`);
  const headDim = hidden / heads;
  const scaled = fields.flag("scale_attn_weights", true);
  const byLayer = fields.flag("scale_attn_by_inverse_layer_idx", false);
  // An old name of n_positions that nothing reads, and an order of computing that only counts in float16.
  fields.ignore("n_ctx", "reorder_and_upcast_attn");
  const embedding = "transformer.wte.weight";
  return {
    family: "gpt2",
    vocabulary,
    hidden,
    layers,
    maxLength,
    heads,
    kvHeads: heads,
    headDim,
    prefix: "transformer.",
    embedding,
    positions: { name: "transformer.wpe.weight", rows: maxLength, offset: 0 },
    rotary: null,
    layerPrefix: (i) => `transformer.h.${i}.`,
    layerWeights: [
      ...vectors({ "ln_1.weight": hidden, "ln_1.bias": hidden }),
      { name: "attn.c_attn.weight", shape: [hidden, 3 * hidden] },
      { name: "attn.c_attn.bias", shape: [3 * hidden] },
      { name: "attn.c_proj.weight", shape: [hidden, hidden] },
      ...vectors({ "attn.c_proj.bias": hidden, "ln_2.weight": hidden, "ln_2.bias": hidden }),
      { name: "mlp.c_fc.weight", shape: [hidden, inner] },
      { name: "mlp.c_fc.bias", shape: [inner] },
      { name: "mlp.c_proj.weight", shape: [inner, hidden] },
      { name: "mlp.c_proj.bias", shape: [hidden] },
    ],
    kind: (layer) => (byLayer ? `${layer}` : ""),
    block: ({ g, w, attention, goingOn }, x, layer) => {
      const project = (name: string, rows: string) => conv1d(g, rows, w(`${name}.weight`), w(`${name}.bias`));
      const norm = (name: string, rows: string) =>
        layerNorm(g, rows, w(`${name}.weight`), w(`${name}.bias`), eps);
      const qkv = project("attn.c_attn", norm("ln_1", x));
      const [q, k, v] = [0, 1, 2].map((i) => columns(g, qkv, i * hidden, (i + 1) * hidden));
      const mixed = attention(q!, k!, v!, {
        scale: (scaled ? 1 / Math.sqrt(headDim) : 1) / (byLayer ? layer + 1 : 1),
      });
      const y = g.node("Add", [goingOn(x), project("attn.c_proj", mixed)]);
      const wide = activate(g, activation, project("mlp.c_fc", norm("ln_2", y)));
      return g.node("Add", [y, project("mlp.c_proj", wide)]);
    },
    finalNorm: {
      weights: vectors({ "transformer.ln_f.weight": hidden, "transformer.ln_f.bias": hidden }),
      apply: (g, x, w) => layerNorm(g, x, w("transformer.ln_f.weight"), w("transformer.ln_f.bias"), eps),
    },
    head: { weight: fields.flag("tie_word_embeddings", true) ? embedding : "lm_head.weight" },
  };
}
