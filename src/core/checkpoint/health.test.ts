import { describe, expect, it } from "vitest";
import { sha256 } from "../canonical";
import { sentence } from "../result";
import type { FolderSource } from "./byte-source";
import type { ComponentSetSpec } from "./component-set";
import { decode, encode, type WritableDtype } from "./dtype";
import { measureHealth } from "./health";
import { openSet } from "./open-set";
import {
  encodeSafetensors,
  seededValues,
  type TinyFiles,
  type TinyTensor,
  tinyFolder,
  tinyTensors,
} from "./tiny-checkpoint";
import { tinySet } from "./tiny-set";

const base = tinyTensors(0);
const moved = (step: number, seed: number): TinyTensor[] => {
  const noise = tinyTensors(seed);
  return base.map((t, i) => ({ ...t, data: t.data.map((v, j) => v + step * noise[i]!.data[j]!) }));
};

async function measure(
  components: Record<string, TinyTensor[]>,
  change?: (s: ComponentSetSpec) => ComponentSetSpec,
) {
  const set = tinySet(Object.keys(components));
  for (const [id, tensors] of Object.entries(components))
    set.files[id]!["model.safetensors"] = encodeSafetensors(tensors);
  const opened = await openSet(change ? change(set.spec) : set.spec, set.folders);
  if (!opened.ok) throw new Error(sentence(opened.problem));
  return { opened: opened.value, files: set.files, result: await measureHealth(opened.value) };
}
async function health(components: Record<string, TinyTensor[]>) {
  const { result } = await measure(components);
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** Eq. 4 and the cosine written down directly, over all values in one list. */
const flat = (tensors: readonly TinyTensor[], keep = (_: string) => true) =>
  tensors.filter((t) => keep(t.name)).flatMap((t) => [...t.data]);
const l1 = (values: number[]) => values.reduce((s, v) => s + Math.abs(v), 0);
const minus = (a: number[], b: number[]) => a.map((v, i) => v - b[i]!);
const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i]!, 0);
/** Signs of float32 differences, as the weights are float32. */
const agreement = (a: number[], b: number[]) => {
  const both = a.flatMap((v, i) => (Math.fround(v) && Math.fround(b[i]!) ? [v * b[i]!] : []));
  return both.filter((v) => v > 0).length / both.length;
};
const delta = (own: number[], from: number[]) => l1(minus(own, from)) / (l1(own) + l1(from));

describe("measureHealth", () => {
  const code = moved(0.1, 5);
  const math = moved(0.02, 6);

  it("gives δ and cosines by the formulas", async () => {
    const { health: both, warnings } = await health({ code, math });
    const updates = [code, math].map((c) => minus(flat(c), flat(base)));
    for (const [i, own] of [code, math].entries()) {
      expect(both[i]!.delta).toBeCloseTo(delta(flat(own), flat(base)), 9);
      for (const j of [0, 1]) {
        const [a, b] = [updates[i]!, updates[j]!];
        expect(both[i]!.cosines[j]).toBeCloseTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 7);
        expect(both[i]!.signAgreement[j]).toBe(agreement(a, b));
      }
    }
    expect(both.map((h) => h.id)).toEqual(["code", "math"]);
    expect(warnings).toEqual([]);
  });

  it("gives δ per group, in the model's order", async () => {
    const { health: one } = await health({ code });
    const { groups } = one[0]!;
    expect(groups.map((g) => `${g.place} ${g.kind}`)).toEqual([
      "embed embedding",
      "layer 0 norm",
      "layer 0 attention",
      "layer 0 mlp",
      "layer 1 norm",
      "layer 1 attention",
      "layer 1 mlp",
      "final norm norm",
    ]);
    const mlp = (name: string) => name.startsWith("model.layers.1.mlp");
    expect(groups[6]!.delta).toBeCloseTo(delta(flat(code, mlp), flat(base, mlp)), 9);
  });

  it("warns of twins, of an untrained component and of a large update", async () => {
    const { health: found, warnings } = await health({ code, twin: code, idle: base, far: moved(2, 9) });
    expect(warnings).toEqual([
      '"twin" and "code" have the same weights.',
      '"idle" has the base\'s weights: it was not trained.',
      expect.stringMatching(/^"far" moved \d\d\.\d % from the base; above 10 %/),
    ]);
    expect(found[2]!).toMatchObject({ delta: 0, cosines: [0, 0, 0, 0], signAgreement: [0, 0, 0, 0] });
    expect(found[0]!.cosines[1]).toBeCloseTo(1, 12);
    expect(found[0]!.signAgreement.slice(0, 2)).toEqual([1, 1]);
    expect(found[0]!.signAgreement[3]).toBeGreaterThan(0.4);
    expect(found[0]!.signAgreement[3]).toBeLessThan(0.6);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d by file and tensor", async (value) => {
    const broken = code.map((t) => ({ ...t, data: t.data.slice() }));
    broken[3]!.data[5] = value;
    const { result } = await measure({ math, code: broken });
    expect(!result.ok && sentence(result.problem)).toMatch(
      new RegExp(
        `^code/model.safetensors, tensor model.layers.0.self_attn.k_proj.weight: its value number 5 is ${value}`,
      ),
    );
  });

  it("computes the weight files' checksums and refuses a wrong one", async () => {
    const { result, files } = await measure({ code });
    const sum = await sha256(files.code!["model.safetensors"] as Uint8Array);
    expect(result.ok && result.value.sums.get("code")).toEqual({ "model.safetensors": sum });
    const stating = (hex: string) => (spec: ComponentSetSpec) => ({
      ...spec,
      components: spec.components.map((c) => ({ ...c, sha256: { "model.safetensors": hex } })),
    });
    expect((await measure({ code }, stating(sum))).result.ok).toBe(true);
    const { result: wrong } = await measure({ code }, stating("f".repeat(64)));
    expect(!wrong.ok && sentence(wrong.problem)).toMatch(
      /^code\/model.safetensors: its SHA-256 is .*ffff.*download it again/,
    );
  });

  it("reports progress and stops when asked", async () => {
    const { opened } = await measure({ code });
    const abort = new AbortController();
    const seen: string[] = [];
    const result = await measureHealth(opened, {
      signal: abort.signal,
      onProgress: ({ done, total, unit, what }) => {
        seen.push(`${done} of ${total} ${unit}: ${what}`);
        if (seen.length === 3) abort.abort();
      },
    });
    expect(!result.ok && result.problem.kind).toBe("cancelled");
    expect(seen).toEqual([
      "0 of 1 MB: model.embed_tokens.weight",
      "0 of 1 MB: model.layers.0.input_layernorm.weight",
      "0 of 1 MB: model.layers.0.self_attn.q_proj.weight",
    ]);
  });
});

describe("a tensor of many slices", () => {
  const LENGTH = 5_000_000;
  const config = JSON.stringify({ model_type: "gpt_neo", vocab_size: LENGTH / 4 });
  const big = (seed: number, dtype: WritableDtype = "BF16"): TinyFiles => {
    const data = seededValues(seed, LENGTH);
    return {
      "config.json": config,
      "model.safetensors": encodeSafetensors([{ name: "wte.weight", shape: [LENGTH / 4, 4], data }], dtype),
    };
  };
  const setOf = async (base: TinyFiles, code: TinyFiles, folder = tinyFolder) => {
    const { spec } = tinySet(["code"]);
    const opened = await openSet(spec, ({ id }) => folder(id, id === "base" ? base : code));
    if (!opened.ok) throw new Error(sentence(opened.problem));
    return opened.value;
  };
  const stored = (seed: number) => decode(encode(seededValues(seed, LENGTH), "BF16"), "BF16");

  it("is measured like any other, each byte read once", async () => {
    let reads = 0;
    const counted = (name: string, files: TinyFiles): FolderSource => ({
      name,
      file: async (path) => {
        const file = await tinyFolder(name, files).file(path);
        if (!file || path !== "model.safetensors") return file;
        return {
          ...file,
          read: async (start, end) => {
            reads += end - start;
            expect(end - start).toBeLessThanOrEqual(4 * 2 ** 20);
            return file.read(start, end);
          },
        };
      },
    });
    const set = await setOf(big(1), big(2), counted);
    const result = await measureHealth(set);
    if (!result.ok) throw new Error(sentence(result.problem));
    expect(reads).toBe(set.bytes);
    const [base, code] = [stored(1), stored(2)];
    let moved = 0;
    let size = 0;
    for (let i = 0; i < LENGTH; i++) {
      moved += Math.abs(code[i]! - base[i]!);
      size += Math.abs(code[i]!) + Math.abs(base[i]!);
    }
    expect(result.value.health[0]!.delta).toBeCloseTo(moved / size, 9);
    const sum = await sha256(big(2)["model.safetensors"] as Uint8Array);
    expect(result.value.sums.get("code")).toEqual({ "model.safetensors": sum });
  });

  it("has its NaN found by its number in the tensor", async () => {
    const code = big(2);
    const file = code["model.safetensors"] as Uint8Array;
    const at = LENGTH - 3;
    file.set([0xc0, 0x7f], file.length - 2 * LENGTH + 2 * at);
    const result = await measureHealth(await setOf(big(1), code));
    expect(!result.ok && sentence(result.problem)).toMatch(
      /^code\/model.safetensors, tensor wte.weight: its value number 4999997 is NaN/,
    );
  });
});

describe("tensors that are not merged", () => {
  const untouched = tinyTensors(0);
  const withHead = (head: Float32Array) =>
    encodeSafetensors([{ name: "lm_head.weight", shape: [10, 8], data: head }, ...untouched]);
  const measured = async (head: Float32Array) => {
    const set = tinySet(["code"]);
    set.files.code!["model.safetensors"] = withHead(head);
    const opened = await openSet(set.spec, set.folders);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    return measureHealth(opened.value);
  };

  it("a tied head equal to the embedding counts in the checksum alone", async () => {
    const result = await measured(untouched[0]!.data);
    if (!result.ok) throw new Error(sentence(result.problem));
    expect(result.value.health[0]!.delta).toBe(0);
    const sum = await sha256(withHead(untouched[0]!.data));
    expect(result.value.sums.get("code")).toEqual({ "model.safetensors": sum });
  });

  it("a tied head that differs from the embedding is refused", async () => {
    const head = untouched[0]!.data.slice();
    head[17]! += 1;
    const result = await measured(head);
    expect(!result.ok && sentence(result.problem)).toMatch(
      /^code\/model.safetensors, tensor lm_head.weight: its value number 17 differs from model.embed_tokens.weight.*Set tie_word_embeddings to false/,
    );
  });
});
