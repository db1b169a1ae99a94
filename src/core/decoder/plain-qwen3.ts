import type { DecoderModel } from "./decoder-model";
import { decoderOf } from "./families";
import type { PlainShape } from "./plain-forward";

/** The model that `plainForward` computes in plain loops. */
export function plainQwen3(s: PlainShape): DecoderModel {
  const model = decoderOf(
    {
      model_type: "qwen3",
      vocab_size: s.vocabulary,
      hidden_size: s.hidden,
      num_hidden_layers: s.layers,
      num_attention_heads: s.heads,
      num_key_value_heads: s.kvHeads,
      head_dim: s.headDim,
      intermediate_size: s.inner,
      rms_norm_eps: s.normEps,
      rope_theta: s.ropeTheta,
      max_position_embeddings: s.maxLength,
      tie_word_embeddings: s.tied,
      attention_bias: s.attentionBias,
    },
    "config.json",
  );
  if (!model.ok) throw new Error(model.problem.message);
  return model.value;
}
