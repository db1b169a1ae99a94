import { ACTIVATION_NAMES } from "../activations";
import { capped, gatedMlp, linear, rmsNorm } from "../blocks";
import type { Blueprint } from "../blueprint";
import { type ConfigFields, wrong } from "../config-fields";
import type { OnnxGraph } from "../onnx-graph";
import { readRotary } from "../rotary";
import {
  attentionSizes,
  gatedMlpWeights,
  projectionWeights,
  readLayerTypes,
  readSlidingWindow,
  vectors,
} from "../shared-fields";

/** Gemma2ForCausalLM: norms before and after, capped scores and logits, a window in every second layer. */
export function gemma2(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { headDim: 256, kvHeads: 4, maxLength: 8192 });
  const { hidden, layers } = sizes;
  const inner = fields.size("intermediate_size");
  const eps = fields.positive("rms_norm_eps", 1e-6);
  const activation = fields.oneOf("hidden_activation", ACTIVATION_NAMES, "gelu_pytorch_tanh");
  // transformers reads hidden_activation alone.
  fields.ignore("hidden_act");
  const bias = fields.flag("attention_bias", false);
  const scale = 1 / Math.sqrt(fields.positive("query_pre_attn_scalar", 256));
  const softcap = readCap(fields, "attn_logit_softcapping", 50);
  const cap = readCap(fields, "final_logit_softcapping", 30);
  const window = readSlidingWindow(fields, 4096);
  const types = readLayerTypes(fields, layers);
  if (window === null && types?.every((type) => type === "full_attention") !== true)
    wrong("sliding_window is null, but layers have a window.");
  const embedding = "model.embed_tokens.weight";
  /** Checkpoints hold the norms' weights minus 1. */
  const norm = (g: OnnxGraph, x: string, weight: string) =>
    rmsNorm(g, x, g.node("Add", [weight, g.float(1)]), eps);
  return {
    family: "gemma2",
    ...sizes,
    prefix: "model.",
    embedding,
    embeddingScale: Math.sqrt(hidden),
    rotary: readRotary(fields, sizes),
    layerPrefix: (i) => `model.layers.${i}.`,
    layerWeights: [
      { name: "input_layernorm.weight", shape: [hidden] },
      ...projectionWeights(sizes, { qkv: bias, out: bias }),
      ...vectors({
        "post_attention_layernorm.weight": hidden,
        "pre_feedforward_layernorm.weight": hidden,
        "post_feedforward_layernorm.weight": hidden,
      }),
      ...gatedMlpWeights(hidden, inner),
    ],
    window: (layer) => ((types ? types[layer] === "sliding_attention" : layer % 2 === 0) ? window : null),
    block: ({ g, w, attention, goingOn }, x) => {
      const project = (name: string, rows: string) =>
        linear(
          g,
          rows,
          w(`self_attn.${name}_proj.weight`),
          bias ? w(`self_attn.${name}_proj.bias`) : undefined,
        );
      const normed = (name: string, rows: string) => norm(g, rows, w(`${name}_layernorm.weight`));
      const h = normed("input", x);
      const mixed = attention(project("q", h), project("k", h), project("v", h), {
        scale,
        ...(softcap !== null && { softcap }),
      });
      const y = g.node("Add", [goingOn(x), normed("post_attention", project("o", mixed))]);
      const mlp = gatedMlp(g, normed("pre_feedforward", y), w, activation);
      return g.node("Add", [y, normed("post_feedforward", mlp)]);
    },
    finalNorm: {
      weights: vectors({ "model.norm.weight": hidden }),
      apply: (g, x, w) => norm(g, x, w("model.norm.weight")),
    },
    head: {
      weight: fields.flag("tie_word_embeddings", true) ? embedding : "lm_head.weight",
      ...(cap !== null && { logits: (g: OnnxGraph, x: string) => capped(g, x, cap) }),
    },
  };
}

/** null stands for none, absence for `usual`. */
function readCap(fields: ConfigFields, name: string, usual: number): number | null {
  return fields.raw(name) === null ? null : fields.positive(name, usual);
}
