import { describe, expect, it } from "vitest";
import { decode, type WritableDtype } from "../checkpoint/dtype";
import { openSet } from "../checkpoint/open-set";
import { tinyTensors } from "../checkpoint/tiny-checkpoint";
import { tinySet } from "../checkpoint/tiny-set";
import { fail, type Result, sentence } from "../result";
import { bytesPer } from "./block-ops";
import { linear } from "./linear";
import { memoryTensors } from "./memory-tensors";
import { constantParameters } from "./merge-choice";
import { completeSettings, type MergeMethod } from "./merge-method";
import { type MergedPart, type MergePlan, mergeTensors, type TensorReader } from "./merge-plan";
import { findMethod } from "./registry";

const ids = ["general", "code", "math"];
const weightsOf = ids.map((_, i) => new Map(tinyTensors(i + 1).map((t) => [t.name, t.data])));

async function plan(
  weights: number[],
  readers?: TensorReader[],
  method: MergeMethod = linear,
): Promise<MergePlan> {
  const set = tinySet(ids);
  const opened = await openSet(set.spec, set.folders);
  if (!opened.ok) throw new Error(sentence(opened.problem));
  const { tensors, components } = opened.value;
  const own = readers ?? components.map((c) => c.checkpoint);
  const settings = { settings: completeSettings(method, "merge"), own: completeSettings(method, "model") };
  return {
    tensors,
    components: own.map((reader, i) => ({ id: ids[i]!, reader })),
    method,
    parameters: constantParameters(settings, weights),
    dtype: "F32",
  };
}

async function collect(stream: AsyncIterable<Result<MergedPart>>): Promise<Result<MergedPart>[]> {
  const all: Result<MergedPart>[] = [];
  for await (const part of stream) all.push(part);
  return all;
}

/** Every tensor whole, as float32. */
function assemble(parts: readonly Result<MergedPart>[]): Map<string, Float32Array> {
  const whole = new Map<string, number[]>();
  for (const part of parts) {
    if (!part.ok) throw new Error(sentence(part.problem));
    const { tensor, from, values } = part.value;
    const held = whole.get(tensor.name) ?? [];
    expect(from).toBe(held.length);
    held.push(...decode(values.bytes, values.dtype));
    whole.set(tensor.name, held);
  }
  return new Map(Array.from(whole, ([name, list]) => [name, Float32Array.from(list)]));
}

describe("mergeTensors", () => {
  it("merges every tensor of the set", async () => {
    const merged = assemble(await collect(mergeTensors(await plan([0.2, 0.5, 0.3]))));
    expect(merged.size).toBe(24);
    for (const [name, data] of merged) {
      const [a, b, c] = weightsOf.map((w) => w.get(name)!) as [Float32Array, Float32Array, Float32Array];
      for (let i = 0; i < data.length; i++)
        expect(data[i]).toBeCloseTo(0.2 * a[i]! + 0.5 * b[i]! + 0.3 * c[i]!, 6);
    }
  });

  it("gives the same in slices as in whole tensors", async () => {
    const length = 40_000;
    const shape = [4, length / 4];
    const values = ids.map((_, k) => Float32Array.from({ length }, (_, i) => Math.sin(i * (k + 1))));
    const readers = values.map((v, k) => memoryTensors(ids[k]!, new Map([["w", v]])));
    const task = { ...(await plan([0.2, 0.5, 0.3], readers)), tensors: [{ name: "w", shape }] };
    const whole = await collect(mergeTensors(task));
    expect(whole).toHaveLength(1);
    const sliced = await collect(mergeTensors(task, { sliceBytes: 1 }));
    expect(sliced).toHaveLength(3);
    expect(assemble(sliced)).toEqual(assemble(whole));
    const undivided = { ...task, method: { ...linear, elementwise: false } };
    const again = await collect(mergeTensors(undivided, { sliceBytes: 1 }));
    expect(again).toHaveLength(1);
    expect(assemble(again)).toEqual(assemble(whole));
  });

  it("reads only components with a weight, and gives a vertex back exactly", async () => {
    const deaf: TensorReader = { name: "deaf", values: async () => fail("network", "never read") };
    const readers = [deaf, memoryTensors("code", weightsOf[1]!), deaf];
    const merged = assemble(await collect(mergeTensors(await plan([0, 1, 0], readers))));
    expect(merged).toEqual(weightsOf[1]);
  });

  it("rounds once at the end, and refuses what the type cannot hold", async () => {
    for (const dtype of ["BF16", "F16"] satisfies WritableDtype[]) {
      const task = { ...(await plan([0.2, 0.5, 0.3])), dtype };
      for (const part of await collect(mergeTensors(task))) {
        if (!part.ok) throw new Error(sentence(part.problem));
        expect(part.value.values.dtype).toBe(dtype);
        expect(part.value.values.bytes.length).toBe(
          part.value.tensor.shape.reduce((a, b) => a * b, 1) * bytesPer[dtype],
        );
      }
    }
    const large = memoryTensors("large", new Map([["w", Float32Array.of(1, 70_000)]]));
    const task = { ...(await plan([1, 0, 0], [large, large, large])), tensors: [{ name: "w", shape: [2] }] };
    const [part] = await collect(mergeTensors({ ...task, dtype: "F16" }));
    expect(!part!.ok && sentence(part!.problem)).toBe(
      "w: its merged value number 1 is not finite as F16. Write BF16 or F32 instead.",
    );
  });

  it("ends with the first failure", async () => {
    const readers = weightsOf.map((w, i) => memoryTensors(ids[i]!, w));
    const lacking = memoryTensors("code", new Map([...weightsOf[1]!].slice(0, 5)));
    const result = await collect(
      mergeTensors(await plan([0.5, 0.5, 0], [readers[0]!, lacking, readers[2]!])),
    );
    expect(result).toHaveLength(6);
    const last = result[5]!;
    expect(!last.ok && sentence(last.problem)).toMatch(/^code, tensor model.layers.*lacks/);
    const name = "model.embed_tokens.weight";
    const short = memoryTensors("code", new Map([[name, new Float32Array(3)]]));
    const [first] = await collect(mergeTensors(await plan([0.5, 0.5, 0], [readers[0]!, short, readers[2]!])));
    expect(!first!.ok && sentence(first!.problem)).toMatch(
      /code, tensor model.embed.*3 values where the plan has 80/,
    );
  });

  it("stops between tensors when asked", async () => {
    const abort = new AbortController();
    let count = 0;
    for await (const result of mergeTensors(await plan([0.2, 0.5, 0.3]), { signal: abort.signal })) {
      if (++count === 3) abort.abort();
      if (count === 4) expect(!result.ok && result.problem.kind).toBe("cancelled");
    }
    expect(count).toBe(4);
  });

  it("refuses a plan that only a bug can make", async () => {
    const wrong = await plan([1]);
    await expect(collect(mergeTensors(wrong))).rejects.toThrow(/1 weights for 3/);
    const needy = await plan([1, 0, 0], undefined, { ...linear, base: "needed" });
    await expect(collect(mergeTensors(needy))).rejects.toThrow(/needs the base/);
    const two = await plan([1, 0, 0], undefined, { ...linear, models: { min: 2, max: 2 } });
    await expect(collect(mergeTensors(two))).rejects.toThrow(/merges 2 to 2/);
  });
});

describe("findMethod", () => {
  it("finds by mergekit's name, or says what there is", () => {
    expect(findMethod("linear")).toEqual({ ok: true, value: linear });
    const unknown = findMethod("passthrough");
    expect(!unknown.ok && sentence(unknown.problem)).toMatch(/"passthrough" is not known here. Use linear/);
  });
});
