import { describe, expect, it } from "vitest";
import { READABLE } from "../checkpoint/dtype";
import { openSafetensors, readTensor } from "../checkpoint/safetensors";
import { sentence } from "../result";
import { countingSource } from "./counting-source";
import { safetensorsOf } from "./mutate-safetensors";
import { referenceSafetensors, referenceValues } from "./reference-safetensors";
import { refusalFault } from "./refusal-fault";
import { ACCEPTED, one, REFUSED, zeros } from "./safetensors-corpus";
import { timed } from "./timed";

const TERABYTE = 10 ** 12;

/** A file of a few bytes that claims to have `size`; what is asked for beyond them would be allocated. */
async function open(bytes: Uint8Array, size = bytes.length) {
  const source = countingSource("m.safetensors", bytes, size);
  const { value: opened, ms } = await timed(() => openSafetensors(source));
  expect(ms).toBeLessThan(1000);
  expect(source.outside).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return { opened, source };
}

it.each(REFUSED)("refuses %s", async (_, bytes, said) => {
  const { opened } = await open(bytes);
  if (opened.ok) throw new Error("it was accepted");
  expect(refusalFault(opened.problem, /^m\.safetensors$/, said)).toBeNull();
});

it.each(ACCEPTED)("reads %s", async (_, bytes) => {
  const { opened } = await open(bytes);
  if (!opened.ok) throw new Error(sentence(opened.problem));
  const declared = referenceSafetensors(bytes);
  expect(opened.value.metadata).toEqual(declared.metadata);
  expect(new Set(opened.value.tensors.keys())).toEqual(new Set(declared.tensors.keys()));
  for (const [name, { shape, dtype }] of declared.tensors)
    expect(opened.value.tensors.get(name)).toMatchObject({ shape, dtype });
});

describe("a file that claims a petabyte", () => {
  const size = 1000 * TERABYTE;

  it.each([
    ["2^63 bytes of header", 2n ** 63n],
    ["a terabyte of header", BigInt(TERABYTE)],
    ["a byte more of header than is ever read", 100_000_001n],
  ])("is not read for %s", async (_, declared) => {
    const { opened, source } = await open(safetensorsOf(zeros(0), zeros(0), declared), size);
    expect(opened.ok).toBe(false);
    expect(source.asked).toBe(8);
  });

  it("has its header read, and no data", async () => {
    const json = one("U8", [size - 128], [0, size - 128]);
    const padded = new Uint8Array(120).fill(0x20);
    padded.set(json);
    const { opened, source } = await open(safetensorsOf(padded), size);
    expect(opened.ok && opened.value.tensors.get("w")).toMatchObject({ start: 128, end: size });
    expect(source.asked).toBe(128);
  });
});

it.each(READABLE.filter((dtype) => !["F32", "F64"].includes(dtype)))(
  "gives every code of %s its value",
  async (dtype) => {
    const wide = dtype === "F16" || dtype === "BF16";
    const data = wide
      ? new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, i) => i).buffer)
      : Uint8Array.from({ length: 256 }, (_, i) => i);
    const count = wide ? 65_536 : 256;
    const bytes = safetensorsOf(one(dtype, [count], [0, data.length]), data);
    const { opened } = await open(bytes);
    const values = opened.ok ? await readTensor(opened.value, "w") : opened;
    if (!values.ok) throw new Error(sentence(values.problem));
    expect([...values.value]).toEqual(referenceValues(referenceSafetensors(bytes).tensors.get("w")!));
  },
);
