const QWEN3 = {
  architectures: ["Qwen3ForCausalLM"],
  model_type: "qwen3",
  hidden_act: "silu",
  attention_bias: false,
  vocab_size: 61,
  hidden_size: 24,
  intermediate_size: 32,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
};

/** Configs of tiny models, one or more a family, that differ in what execution layer by layer has to get right. */
export const TINY_FAMILIES: [string, Record<string, unknown>][] = [
  ["qwen3, tied", QWEN3],
  ["qwen3, untied, with attention biases", { ...QWEN3, tie_word_embeddings: false, attention_bias: true }],
  [
    "qwen3, windows in the upper layers",
    { ...QWEN3, use_sliding_window: true, sliding_window: 9, max_window_layers: 1 },
  ],
];
