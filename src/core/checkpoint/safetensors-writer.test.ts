import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { memorySource } from "./byte-source";
import { decode, encode } from "./dtype";
import { openSafetensors, readTensor } from "./safetensors";
import { type DeclaredTensor, dataBytes, safetensorsHeader } from "./safetensors-writer";
import { seededValues } from "./tiny-checkpoint";

const declare = (dtype: string): DeclaredTensor[] => [
  { name: "b", shape: [3, 5], dtype },
  { name: 'q"é\n', shape: [7], dtype },
  { name: "__proto__", shape: [], dtype },
  { name: "empty", shape: [0, 4], dtype },
];

describe.each(["F32", "BF16", "F16"] as const)("a file written in %s", (dtype) => {
  it("reads back as it was written", async () => {
    const tensors = declare(dtype);
    const data = tensors.map((t, i) =>
      seededValues(
        i + 1,
        t.shape.reduce((a, b) => a * b, 1),
      ),
    );
    const parts = [safetensorsHeader(tensors), ...data.map((values) => encode(values, dtype))];
    expect(parts[0]!.length % 8).toBe(0);
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
    const file = await openSafetensors(memorySource("out.safetensors", bytes));
    if (!file.ok) throw new Error(sentence(file.problem));
    expect(file.value.metadata.get("format")).toBe("pt");
    expect(file.value.tensors.size).toBe(tensors.length);
    for (const [i, tensor] of tensors.entries()) {
      const info = file.value.tensors.get(tensor.name)!;
      expect(info).toMatchObject({ dtype, shape: tensor.shape });
      expect(info.end - info.start).toBe(dataBytes(tensor));
      const back = await readTensor(file.value, tensor.name);
      expect(back.ok && back.value).toEqual(decode(encode(data[i]!, dtype), dtype));
      if (dtype === "F32") expect(back.ok && back.value).toEqual(data[i]);
    }
  });
});

describe("safetensorsHeader", () => {
  it("takes tensors of several types", async () => {
    const tensors = [
      { name: "w", shape: [2], dtype: "BF16" },
      { name: "ids", shape: [3], dtype: "I64" },
    ];
    const header = safetensorsHeader(tensors, { format: "pt", made: "here" });
    const file = await openSafetensors(
      memorySource("out.safetensors", Uint8Array.from([...header, ...new Uint8Array(28)])),
    );
    expect(file.ok && file.value.tensors.get("ids")).toMatchObject({ dtype: "I64", shape: [3] });
    expect(file.ok && file.value.metadata.get("made")).toBe("here");
  });

  it("refuses names that cannot stand", () => {
    const [first] = declare("F32");
    expect(() => safetensorsHeader([first!, first!])).toThrow(RangeError);
    expect(() => safetensorsHeader([{ name: "__metadata__", shape: [1], dtype: "F32" }])).toThrow(RangeError);
  });
});
