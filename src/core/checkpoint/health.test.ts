import { describe, expect, it } from "vitest";
import { sha256 } from "../canonical";
import { sentence } from "../result";
import type { ComponentSetSpec } from "./component-set";
import { measureHealth } from "./health";
import { openSet } from "./open-set";
import { encodeSafetensors, type TinyTensor, tinyTensors } from "./tiny-checkpoint";
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
const delta = (own: number[], from: number[]) => l1(minus(own, from)) / (l1(own) + l1(from));

describe("measureHealth", () => {
  const code = moved(0.1, 5);
  const math = moved(0.02, 6);

  it("gives δ and cosines by the formulas", async () => {
    const { health: both, warnings } = await health({ code, math });
    const updates = [code, math].map((c) => minus(flat(c), flat(base)));
    for (const [i, own] of [code, math].entries()) {
      expect(both[i]!.delta).toBeCloseTo(delta(flat(own), flat(base)), 12);
      for (const j of [0, 1]) {
        const [a, b] = [updates[i]!, updates[j]!];
        expect(both[i]!.cosines[j]).toBeCloseTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 12);
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
    expect(groups[6]!.delta).toBeCloseTo(delta(flat(code, mlp), flat(base, mlp)), 12);
  });

  it("warns of twins, of an untrained component and of a large update", async () => {
    const { health: found, warnings } = await health({ code, twin: code, idle: base, far: moved(2, 9) });
    expect(warnings).toEqual([
      '"twin" and "code" have the same weights.',
      '"idle" has the base\'s weights: it was not trained.',
      expect.stringMatching(/^"far" moved \d\d\.\d % from the base; above 10 %/),
    ]);
    expect(found[2]!).toMatchObject({ delta: 0, cosines: [0, 0, 0, 0] });
    expect(found[0]!.cosines[1]).toBeCloseTo(1, 12);
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
    const seen: number[] = [];
    const result = await measureHealth(opened, {
      signal: abort.signal,
      onProgress: ({ done, total }) => {
        seen.push(done / total);
        if (done === 3) abort.abort();
      },
    });
    expect(!result.ok && result.problem.kind).toBe("cancelled");
    expect(seen).toEqual([0, 1 / 24, 2 / 24, 3 / 24]);
  });
});
