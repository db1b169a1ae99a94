import type { GroupUpdate } from "./component-set";
import { isHead } from "./tensor-roles";

/** A layer's number, in the names of LLaMA, Qwen, Mistral, Gemma, Phi, OLMo, GPT-2, GPT-Neo, GPT-NeoX, OPT, BLOOM, T5 … */
const LAYER = /(?:^|\.)(?:layers|layer|h|blocks|block)\.(\d+)\.(.*)$/;
const NORM = /norm|(^|[._])ln(_|\d|\.|$)/i;
const MLP =
  /(^|\.)(mlp|ffn|ff|feed_forward|feedforward|block_sparse_moe|moe|experts|shared_expert|router|fc\d|fc_in|fc_out|ff_proj|ff_out|w1|w2|w3)(\.|$)/;
const EMBEDDING = /emb|(^|\.)(wte|wpe)\./i;

/** The place and kind by which updates are grouped: layer by layer, and embeddings, final norm and head by themselves. */
export function groupOf(name: string): Pick<GroupUpdate, "place" | "kind"> {
  const [, layer, rest = ""] = LAYER.exec(name) ?? [];
  if (layer !== undefined) {
    const kind = NORM.test(rest) ? "norm" : MLP.test(rest) ? "mlp" : "attention";
    return { place: `layer ${Number(layer)}`, kind };
  }
  if (EMBEDDING.test(name) && !isHead(name))
    return { place: "embed", kind: NORM.test(name) ? "norm" : "embedding" };
  return NORM.test(name) ? { place: "final norm", kind: "norm" } : { place: "head", kind: "embedding" };
}
