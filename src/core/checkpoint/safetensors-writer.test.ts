import { describe, expect, it } from "vitest";
import { ok, type Result, sentence } from "../result";
import { memorySource } from "./byte-source";
import { decode, encode, type WritableDtype } from "./dtype";
import { openSafetensors, readTensor } from "./safetensors";
import { safetensorsChunks, safetensorsHeader, type WrittenTensor } from "./safetensors-writer";
import { seededValues } from "./tiny-checkpoint";

const tensors: WrittenTensor[] = [
  { name: "b", shape: [3, 5], data: seededValues(1, 15) },
  { name: 'q"é\n', shape: [7], data: seededValues(2, 7) },
  { name: "__proto__", shape: [], data: seededValues(3, 1) },
  { name: "empty", shape: [0, 4], data: new Float32Array(0) },
];

async function* each(list: readonly WrittenTensor[]): AsyncGenerator<Result<WrittenTensor>> {
  for (const tensor of list) yield ok(tensor);
}

async function write(list: readonly WrittenTensor[], dtype: WritableDtype, given = each(list)) {
  const parts: number[] = [];
  for await (const chunk of safetensorsChunks("out.safetensors", list, dtype, given)) {
    if (!chunk.ok) return sentence(chunk.problem);
    parts.push(...chunk.value);
  }
  return Uint8Array.from(parts);
}

describe.each(["F32", "BF16", "F16"] as const)("a file written in %s", (dtype) => {
  it("reads back as it was written", async () => {
    const bytes = await write(tensors, dtype);
    if (typeof bytes === "string") throw new Error(bytes);
    expect(await write(tensors, dtype)).toEqual(bytes);
    const file = await openSafetensors(memorySource("out.safetensors", bytes));
    if (!file.ok) throw new Error(sentence(file.problem));
    expect(file.value.metadata.get("format")).toBe("pt");
    const starts = [...file.value.tensors.values()].map((t) => t.start);
    expect(starts[0]! % 8).toBe(0);
    expect([...file.value.tensors.keys()].sort()).toEqual(tensors.map((t) => t.name).sort());
    for (const { name, shape, data } of tensors) {
      expect(file.value.tensors.get(name)).toMatchObject({ dtype, shape });
      const back = await readTensor(file.value, name);
      expect(back.ok && back.value).toEqual(decode(encode(data, dtype), dtype));
      if (dtype === "F32") expect(back.ok && back.value).toEqual(data);
    }
  });
});

describe("safetensorsChunks", () => {
  const one = (value: number) => [{ name: "layer.weight", shape: [2], data: new Float32Array([1, value]) }];

  it.each([
    [
      70_000,
      "F16",
      /out.safetensors, tensor layer.weight: its value 70000 cannot be written as F16. Write F32/,
    ],
    [65_520, "F16", /65520/],
    [3.4e38, "BF16", /BF16/],
    [Number.NaN, "F32", /NaN.*components/],
    [Number.NEGATIVE_INFINITY, "BF16", /Infinity/],
  ] as const)("refuses %d in %s", async (value, dtype, message) => {
    expect(await write(one(value), dtype)).toMatch(message);
  });

  it("writes the largest values that fit", async () => {
    expect(typeof (await write(one(-65_519), "F16"))).toBe("object");
    expect(typeof (await write(one(3.389e38), "BF16"))).toBe("object");
  });

  it("takes names, order and number of tensors seriously", async () => {
    await expect(write(tensors, "F32", each([...tensors].reverse()))).rejects.toThrow(RangeError);
    await expect(write(tensors, "F32", each(tensors.slice(1)))).rejects.toThrow(RangeError);
    await expect(write(tensors, "F32", each(tensors.slice(0, 3)))).rejects.toThrow(/3 of 4/);
    expect(() => safetensorsHeader([tensors[0]!, tensors[0]!], "F32")).toThrow(RangeError);
    expect(() => safetensorsHeader([{ name: "__metadata__", shape: [1] }], "F32")).toThrow(RangeError);
  });
});
