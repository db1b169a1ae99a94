import { describe, expect, it } from "vitest";
import { memorySource } from "../checkpoint/byte-source";
import { openSet } from "../checkpoint/open-set";
import { openSafetensors } from "../checkpoint/safetensors";
import { safetensorsChunks } from "../checkpoint/safetensors-writer";
import { tinyTensors } from "../checkpoint/tiny-checkpoint";
import { tinySet } from "../checkpoint/tiny-set";
import { fail, type Result, sentence } from "../result";
import { linear } from "./linear";
import {
  type MergedTensor,
  type MergePlan,
  memoryTensors,
  mergeTensors,
  type TensorReader,
} from "./merge-plan";
import { findMethod } from "./registry";

const ids = ["general", "code", "math"];
const weightsOf = ids.map((_, i) => new Map(tinyTensors(i + 1).map((t) => [t.name, t.data])));

async function plan(weights: number[], components?: TensorReader[]): Promise<MergePlan> {
  const set = tinySet(ids);
  const opened = await openSet(set.spec, set.folders);
  if (!opened.ok) throw new Error(sentence(opened.problem));
  const { tensors, components: own } = opened.value;
  return { tensors, components: components ?? own.map((c) => c.checkpoint), method: linear, weights };
}

async function collect(stream: AsyncIterable<Result<MergedTensor>>): Promise<Result<MergedTensor>[]> {
  const all: Result<MergedTensor>[] = [];
  for await (const tensor of stream) all.push(tensor);
  return all;
}

describe("mergeTensors", () => {
  it("merges every tensor of the set", async () => {
    const merged = await collect(mergeTensors(await plan([0.2, 0.5, 0.3])));
    expect(merged).toHaveLength(24);
    for (const result of merged) {
      if (!result.ok) throw new Error(sentence(result.problem));
      const { name, data } = result.value;
      const [a, b, c] = weightsOf.map((w) => w.get(name)!) as [Float32Array, Float32Array, Float32Array];
      expect(data).toEqual(a.map((_, i) => 0.2 * a[i]! + 0.5 * b[i]! + 0.3 * c[i]!));
    }
  });

  it("reads only components with a weight, and gives a vertex back exactly", async () => {
    const deaf: TensorReader = { name: "deaf", tensor: async () => fail("network", "never read") };
    const readers = [deaf, memoryTensors("code", weightsOf[1]!), deaf];
    for (const result of await collect(mergeTensors(await plan([0, 1, 0], readers)))) {
      if (!result.ok) throw new Error(sentence(result.problem));
      expect(result.value.data).toEqual(weightsOf[1]!.get(result.value.name));
      expect(result.value.data).not.toBe(weightsOf[1]!.get(result.value.name));
    }
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
      /code, tensor model.embed.*3 values where others have 80/,
    );
  });

  it("stops between tensors when asked", async () => {
    const abort = new AbortController();
    let count = 0;
    for await (const result of mergeTensors(await plan([0.2, 0.5, 0.3]), abort.signal)) {
      if (++count === 3) abort.abort();
      if (count === 4) expect(!result.ok && result.problem.kind).toBe("cancelled");
    }
    expect(count).toBe(4);
  });

  it("refuses a plan that only a bug can make", async () => {
    await expect(collect(mergeTensors(await plan([1])))).rejects.toThrow(RangeError);
    const needy = { ...(await plan([1, 0, 0])), method: { ...linear, needsBase: true } };
    await expect(collect(mergeTensors(needy))).rejects.toThrow(/needs the base/);
  });

  it("streams into a file that opens again", async () => {
    const task = await plan([0.2, 0.5, 0.3]);
    const parts: number[] = [];
    for await (const chunk of safetensorsChunks("merged", task.tensors, "BF16", mergeTensors(task))) {
      if (!chunk.ok) throw new Error(sentence(chunk.problem));
      parts.push(...chunk.value);
    }
    const file = await openSafetensors(memorySource("merged", Uint8Array.from(parts)));
    expect(file.ok && file.value.tensors.size).toBe(24);
  });
});

describe("findMethod", () => {
  it("finds by mergekit's name, or says what there is", () => {
    expect(findMethod("linear")).toEqual({ ok: true, value: linear });
    const unknown = findMethod("ties");
    expect(!unknown.ok && sentence(unknown.problem)).toMatch(/"ties" is not known here. Use linear/);
  });
});
