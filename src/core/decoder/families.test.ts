import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TINY_CONFIG } from "../checkpoint/tiny-checkpoint";
import { sentence } from "../result";
import { decoderOf } from "./families";

const parse = (changes: object) => decoderOf({ ...TINY_CONFIG, ...changes }, "m/config.json");
const refusal = (changes: object) => {
  const result = parse(changes);
  return result.ok ? "accepted" : sentence(result.problem);
};

describe("decoderOf", () => {
  it("reads the fields", () => {
    const model = parse({
      rms_norm_eps: 1e-5,
      rope_theta: 1e6,
      sliding_window: 4096,
      use_sliding_window: false,
    });
    expect(model.ok && model.value).toMatchObject({
      family: "qwen3",
      hidden: 8,
      layers: 2,
      kvHeads: 2,
      headDim: 4,
      vocabulary: 10,
      maxLength: 64,
      windows: [null, null],
    });
  });

  it("reads the nested rope_parameters", () => {
    const sines = (changes: object) => {
      const model = parse(changes);
      return model.ok && model.value.rotary?.tables(3).sin;
    };
    const nested = { rope_theta: undefined, rope_parameters: { rope_type: "default", rope_theta: 5e5 } };
    expect(sines(nested)).toEqual(sines({ rope_theta: 5e5 }));
    expect(sines(nested)).not.toEqual(sines({}));
    expect(refusal({ rope_parameters: { rope_theta: 5e5 } })).toMatch(
      /rope_theta is 10000, but rope_parameters/,
    );
  });

  it.each([
    [
      { model_type: "mamba" },
      /m\/config.json: model_type is "mamba"; computed are qwen3.*merged and written/,
    ],
    [{ architectures: ["Qwen3MoeForCausalLM"] }, /architectures/],
    [{ hidden_act: "mish" }, /hidden_act is "mish"/],
    [{ attention_bias: 1 }, /attention_bias is 1/],
    [{ use_sliding_window: 3 }, /use_sliding_window/],
    [{ use_sliding_window: true, max_window_layers: "1" }, /max_window_layers is "1"/],
    [{ model_type: "llama", architectures: null, sliding_window: 4 }, /"sliding_window" is set to 4/],
    [{ model_type: "llama", architectures: null, attention_bias: "no" }, /attention_bias is "no"/],
    [{ model_type: "gemma2", architectures: null, sliding_window: null }, /sliding_window is null/],
    [{ model_type: "smollm3", architectures: null, no_rope_layers: [1] }, /no_rope_layers is \[1\]/],
    [
      { model_type: "phi3", architectures: null, rope_scaling: { type: "linear", factor: 2 } },
      /asks for "linear"/,
    ],
    [{ model_type: "gpt2", architectures: null }, /"hidden_size" is set/],
    [{ model_type: "gpt_neox", architectures: null, rotary_pct: 0.4 }, /rotary_pct is 0.4/],
    [{ model_type: "granite", architectures: null, logits_scaling: 0 }, /logits_scaling is 0/],
    [{ layer_types: ["full_attention", "sliding_attention"] }, /layer_types/],
    [{ x_note: 1 }, /"x_note" is set to 1/],
    [{ quantization_config: { bits: 4 } }, /quantization_config/],
    [{ rope_scaling: { rope_type: "ntk", factor: 4 } }, /rope_scaling asks for "ntk"/],
    [{ rope_scaling: { type: "linear" } }, /rope_scaling.factor is missing/],
    [{ rope_scaling: { type: "linear", factor: 2, beta: 1 } }, /"rope_scaling.beta" is set to 1/],
    [{ rope_scaling: { type: "yarn", factor: 0 } }, /rope_scaling.factor is 0/],
    [{ rope_scaling: { type: "longrope", short_factor: [1] } }, /short_factor has 1 numbers, where 2/],
    [{ rope_parameters: { full_attention: { rope_theta: 1 } } }, /rope_parameters.full_attention/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
    [{ hidden_size: undefined }, /hidden_size is missing/],
    [{ hidden_size: 8.5 }, /hidden_size is 8.5, no whole number/],
    [{ num_hidden_layers: 1e9 }, /num_hidden_layers is 1000000000/],
    [{ vocab_size: "10" }, /vocab_size is "10"/],
    [{ num_key_value_heads: 3 }, /multiple of num_key_value_heads/],
    [{ head_dim: 5 }, /head_dim \(5\) is odd/],
    [{ rms_norm_eps: 0 }, /rms_norm_eps is 0/],
    [{ tie_word_embeddings: "yes" }, /tie_word_embeddings is "yes"/],
  ])("refuses %j", (changes, message) => {
    expect(refusal(changes)).toMatch(message);
  });

  it("never throws", () => {
    const anything = fc.dictionary(
      fc.constantFrom(...Object.keys(TINY_CONFIG), "rope_parameters"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(anything, (changes) => {
        expect(refusal(changes)).toMatch(/^accepted$|^m\/config\.json/);
      }),
      { seed: 1 },
    );
    for (const json of [null, 3, "x", []]) expect(decoderOf(json, "f").ok).toBe(false);
  });
});

describe("the weights of a model", () => {
  const shapesOf = (changes: object) => {
    const model = parse(changes);
    if (!model.ok) throw new Error(model.problem.message);
    return new Map(model.value.weights.map((t) => [t.name, t.shape]));
  };

  it("are those of the checkpoint", () => {
    const shapes = shapesOf({});
    expect(shapes.size).toBe(2 + 2 * 11);
    expect(shapes.get("model.embed_tokens.weight")).toEqual([10, 8]);
    expect(shapes.get("model.layers.1.self_attn.q_proj.weight")).toEqual([16, 8]);
    expect(shapes.get("model.layers.1.self_attn.k_proj.weight")).toEqual([8, 8]);
    expect(shapes.get("model.layers.0.self_attn.o_proj.weight")).toEqual([8, 16]);
    expect(shapes.get("model.layers.0.self_attn.k_norm.weight")).toEqual([4]);
    expect(shapes.get("model.layers.0.mlp.down_proj.weight")).toEqual([8, 12]);
    expect(shapes.has("lm_head.weight")).toBe(false);
    const untied = [...shapesOf({ tie_word_embeddings: false })];
    expect(untied.at(-1)).toEqual(["lm_head.weight", [10, 8]]);
  });

  it("are as many as those of Qwen3-0.6B", () => {
    const qwen = parse({
      hidden_size: 1024,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      intermediate_size: 3072,
      vocab_size: 151936,
    });
    expect(qwen.ok && qwen.value.parameters).toBe(596_049_920);
  });
});
