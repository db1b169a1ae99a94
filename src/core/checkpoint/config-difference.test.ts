import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configDifference, scalesPositions } from "./config-difference";
import { specialTokenDifference } from "./special-tokens";

const llama = {
  model_type: "llama",
  hidden_size: 64,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  head_dim: 16,
};

describe("configDifference", () => {
  it("lets a default stand for an absent field", () => {
    const { num_key_value_heads: _, head_dim: __, ...old } = llama;
    expect(configDifference(llama, old)).toBeNull();
    expect(configDifference({ ...llama, rope_theta: 10000 }, llama)).toBeNull();
    expect(configDifference(llama, { ...old, head_dim: 32 })).toEqual({
      field: "head_dim",
      base: "16",
      own: "32",
    });
    expect(configDifference({ ...old, num_key_value_heads: 2 }, old)).toEqual({
      field: "num_key_value_heads",
      base: "2",
      own: "absent",
    });
  });

  it("reads the old and the new place of rotary scaling alike", () => {
    const before = { ...llama, rope_theta: 5e5, rope_scaling: { type: "linear", factor: 2 } };
    const after = { ...llama, rope_parameters: { rope_type: "linear", factor: 2, rope_theta: 5e5 } };
    expect(configDifference(before, after)).toBeNull();
    expect(configDifference(after, before)).toBeNull();
    expect(configDifference(before, { ...before, rope_scaling: { type: "linear", factor: 4 } })?.field).toBe(
      "rope_scaling",
    );
    expect([llama, before, after].map(scalesPositions)).toEqual([false, true, true]);
  });

  it("reads Pythia's names of rotary fields and the new ones alike", () => {
    const pythia = { model_type: "gpt_neox", hidden_size: 64, num_attention_heads: 4 };
    const old = { ...pythia, rotary_emb_base: 5000, rotary_pct: 0.5 };
    const rope = { rope_type: "default", rope_theta: 5000, partial_rotary_factor: 0.5 };
    expect(configDifference(old, { ...pythia, rope_parameters: rope })).toBeNull();
    expect(configDifference(pythia, { ...pythia, rotary_emb_base: 10000, rotary_pct: 0.25 })).toBeNull();
    expect(configDifference(old, { ...old, rotary_pct: 0.25 })?.field).toBe("partial_rotary_factor");
    const phi = { ...pythia, model_type: "phi3", rope_theta: 10000 };
    const saved = { rope_type: "default", rope_theta: 10000, partial_rotary_factor: 1 };
    expect(configDifference(phi, { ...phi, rope_theta: undefined, rope_parameters: saved })).toBeNull();
  });

  it("knows which layers of Gemma 2 have a window where layer_types is absent", () => {
    const gemma = { ...llama, model_type: "gemma2", num_hidden_layers: 2 };
    const layers = (...kinds: string[]) => ({
      ...gemma,
      layer_types: kinds.map((kind) => `${kind}_attention`),
    });
    expect(configDifference(gemma, layers("sliding", "full"))).toBeNull();
    expect(configDifference(gemma, layers("full", "full"))?.field).toBe("layer_types");
    expect(
      configDifference(
        { ...llama, num_hidden_layers: 2 },
        { ...layers("full", "full"), model_type: "llama" },
      ),
    ).toBeNull();
  });

  it("takes null for none where an absent field has a value", () => {
    const mistral = { ...llama, model_type: "mistral" };
    expect(configDifference(mistral, { ...mistral, sliding_window: 4096 })).toBeNull();
    expect(configDifference(mistral, { ...mistral, sliding_window: null })?.field).toBe("sliding_window");
    expect(
      configDifference({ ...mistral, sliding_window: null }, { ...mistral, sliding_window: 4096 }),
    ).toEqual({
      field: "sliding_window",
      base: '"none"',
      own: "4096",
    });
    expect(configDifference(llama, { ...llama, sliding_window: null })).toBeNull();
  });

  it("compares rotary parameters by kind of layer as they are", () => {
    const gemma = {
      rope_parameters: { full_attention: { rope_theta: 1e6 }, sliding_attention: { rope_theta: 1e4 } },
    };
    expect(configDifference(gemma, gemma)).toBeNull();
    const other = {
      rope_parameters: { full_attention: { rope_theta: 1e6 }, sliding_attention: { rope_theta: 2e4 } },
    };
    expect(configDifference(gemma, other)?.field).toBe("rope_parameters");
  });

  it("looks into the configurations of parts, harmless fields aside", () => {
    const part = (changes: object) => ({
      text_config: { hidden_size: 8, torch_dtype: "bfloat16", ...changes },
    });
    expect(configDifference(part({}), part({ torch_dtype: "float32", use_cache: false }))).toBeNull();
    expect(configDifference(part({}), part({ hidden_size: 9 }))?.field).toBe("text_config");
  });

  it("counts sliding windows where they may be used", () => {
    expect(configDifference({ sliding_window: 4096 }, { sliding_window: 512 })?.field).toBe("sliding_window");
    const unused = { use_sliding_window: false };
    expect(
      configDifference({ ...unused, sliding_window: 4096 }, { ...unused, sliding_window: 512 }),
    ).toBeNull();
  });

  it("takes any two configurations, and none differs from itself", () => {
    const names = [
      ..."num_attention_heads hidden_size head_dim rope_parameters rope_scaling layer_types architectures model_type".split(
        " ",
      ),
      "__proto__",
      "constructor",
    ];
    const config = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(config, config, (a, b) => {
        expect(configDifference(a, a)).toBeNull();
        const [there, back] = [configDifference(a, b), configDifference(b, a)];
        expect(there === null).toBe(back === null);
        expect(specialTokenDifference(a, a)).toBeNull();
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
