import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { llamaForm } from "./llama";

/** GraniteForCausalLM: Llama's form with factors for embedding, attention, residual stream and logits. */
export function granite(fields: ConfigFields): Blueprint {
  const divisor = fields.positive("logits_scaling", 1);
  return gatedDecoder({
    family: "granite",
    ...llamaForm(fields),
    embeddingScale: fields.positive("embedding_multiplier", 1),
    attentionScale: fields.positive("attention_multiplier", 1),
    residualScale: fields.positive("residual_multiplier", 1),
    logits: (g, x) => (divisor === 1 ? x : g.node("Div", [x, g.float(divisor)])),
  });
}
