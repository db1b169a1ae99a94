import { describe, expect, it } from "vitest";
import { type Result, sentence } from "../result";
import { memorySource } from "./byte-source";
import { openSafetensors, readTensor } from "./safetensors";
import { rawSafetensors } from "./tiny-checkpoint";

const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });
const open = (bytes: Uint8Array) => openSafetensors(memorySource("bad.safetensors", bytes));

function refusal(result: Result<unknown>): string {
  expect(result.ok).toBe(false);
  if (result.ok) return "";
  expect(result.problem.file).toBe("bad.safetensors");
  return sentence(result.problem);
}

const lengthOnly = (length: bigint, size = 16) => {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
};
const magic = (text: string) => new TextEncoder().encode(text.padEnd(64, "x"));
const f32 = (shape: unknown, offsets: unknown) => ({ "W.1": entry("F32", shape, offsets) });

describe("a refused file", () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["empty", new Uint8Array(0), /0 bytes, too few/],
    ["of seven bytes", new Uint8Array(7), /7 bytes, too few/],
    ["with a header beyond the file", lengthOnly(9n), /header of 9 bytes, but the file has 16/],
    ["with an absurd header length", lengthOnly(2n ** 64n - 1n), /18446744073709551615/],
    ["with a header over the limit", lengthOnly(100_000_001n, 64), /100000001/],
    ["that is a PyTorch archive", magic("PK\x03\x04abcd"), /PyTorch archive.*save_pretrained/],
    ["that is GGUF", magic("GGUF\x03\0\0\0"), /GGUF/],
    ["that is a Git LFS pointer", magic("version https://git-lfs"), /git lfs pull/],
    ["that is a web page", magic("<!DOCTYPE html>"), /web page/],
    ["with a zero-length header", lengthOnly(0n, 8), /does not begin with/],
    ["of invalid UTF-8", rawSafetensors(new Uint8Array([0x7b, 0xff, 0x7d])), /UTF-8/],
    ["with a byte-order mark", rawSafetensors("\uFEFF{}"), /does not begin/],
    ["with broken JSON", rawSafetensors('{"w":'), /ends too early/],
    ["with text after the JSON", rawSafetensors("{} x"), /text follows/],
    ["with deep JSON", rawSafetensors(`{"w":${"[".repeat(1_000_000)}`), /nested deeper/],
    ["with a deep object", rawSafetensors(`${'{"a":'.repeat(200_000)}`), /nested deeper/],
    ["with an array", rawSafetensors("[]"), /does not begin/],
    ["with half a surrogate", rawSafetensors('{"\\ud800":1}'), /surrogate/],
    ["with a bad escape", rawSafetensors('{"\\x":1}'), /escape/],
    ["with a control character", rawSafetensors('{"a\nb":1}'), /cannot stand/],
    [
      "with a name twice",
      rawSafetensors(
        '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
      /"w" occurs twice/,
    ],
    ["with metadata that is no strings", rawSafetensors({ __metadata__: { a: 1 } }), /__metadata__/],
    ["with an entry that is a number", rawSafetensors({ "W.1": 3 }), /tensor W.1: its header entry/],
    ["with an unknown dtype", rawSafetensors({ "W.1": entry("F23", [1], [0, 4]) }, 4), /"F23" is unknown/],
    ["without dtype", rawSafetensors({ "W.1": { shape: [1], data_offsets: [0, 4] } }, 4), /dtype is missing/],
    [
      "without shape",
      rawSafetensors({ "W.1": { dtype: "F32", data_offsets: [0, 4] } }, 4),
      /shape is missing/,
    ],
    ["without offsets", rawSafetensors({ "W.1": { dtype: "F32", shape: [1] } }, 4), /data_offsets/],
    ["with three offsets", rawSafetensors(f32([1], [0, 2, 4]), 4), /data_offsets/],
    ["with a negative size", rawSafetensors(f32([-1], [0, 4]), 4), /tensor W.1: the number -1/],
    ["with a fractional size", rawSafetensors(f32([1.5], [0, 4]), 4), /number 1.5/],
    [
      "with an exponent",
      rawSafetensors('{"w":{"dtype":"U8","shape":[1e1],"data_offsets":[0,10]}}', 10),
      /1e1/,
    ],
    [
      "with a number beyond 2^53",
      rawSafetensors(f32([1], "[0,9007199254740993]")["W.1"]),
      /data_offsets|dtype/,
    ],
    [
      "with an offset beyond 2^53",
      rawSafetensors('{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,9007199254740992]}}', 1),
      /9007199254740992/,
    ],
    ["with a product that overflows", rawSafetensors(f32([2 ** 40, 2 ** 40], [0, 4]), 4), /too large/],
    ["with backward offsets", rawSafetensors(f32([1], [4, 0]), 4), /backwards/],
    ["whose shape and offsets disagree", rawSafetensors(f32([2], [0, 4]), 4), /needs 8 bytes.*span 4/],
    ["that is cut off", rawSafetensors(f32([2], [0, 8]), 7), /only \d+: it is cut off/],
    ["with trailing bytes", rawSafetensors(f32([1], [0, 4]), 5), /1 bytes at its end/],
    ["with data but no tensors", rawSafetensors({}, 5), /5 bytes at its end/],
    ["with a hole", rawSafetensors(f32([1], [4, 8]), 8), /4 bytes before its data/],
    [
      "with overlapping tensors",
      rawSafetensors({ "V.1": entry("F32", [2], [0, 8]), "W.1": entry("F32", [2], [4, 12]) }, 12),
      /tensor W.1: its data overlaps that of "V.1"/,
    ],
    [
      "with an empty tensor inside another",
      rawSafetensors({ "V.1": entry("F32", [2], [0, 8]), "W.1": entry("F32", [0], [4, 4]) }, 8),
      /overlaps/,
    ],
    ["with half a byte", rawSafetensors({ "W.1": entry("F4", [1], [0, 1]) }, 1), /whole bytes/],
  ];
  it.each(cases)("%s", async (_, bytes, message) => {
    expect(refusal(await open(bytes))).toMatch(message);
  });
});

describe("an accepted file", () => {
  it("keeps names such as __proto__, empty tensors, metadata and unknown keys", async () => {
    const one = '{"dtype":"F32","shape":[],"data_offsets":[0,4],"note":[{}]}';
    const text = `{"__metadata__":{"format":"pt"},"__proto__":${one},"constructor":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}}  `;
    const file = await open(rawSafetensors(text, new Uint8Array([0, 0, 128, 63])));
    if (!file.ok) throw new Error(sentence(file.problem));
    expect([...file.value.tensors.keys()]).toEqual(["constructor", "__proto__"]);
    expect(file.value.metadata.get("format")).toBe("pt");
    const value = await readTensor(file.value, "__proto__");
    expect(value.ok && [...value.value]).toEqual([1]);
  });

  it("gives values of F32, F16, BF16 and F64, whatever the alignment", async () => {
    const header = {
      "A.1": entry("U8", [1], [0, 1]),
      b: entry("F32", [1], [1, 5]),
      c: entry("F16", [2], [5, 9]),
      d: entry("BF16", [1], [9, 11]),
      e: entry("F64", [1], [11, 19]),
    };
    const data = new Uint8Array(19);
    const view = new DataView(data.buffer);
    view.setFloat32(1, -2.5, true);
    view.setUint16(5, 0x3c00, true);
    view.setUint16(7, 0x0001, true);
    view.setUint16(9, 0x4049, true);
    view.setFloat64(11, 0.1, true);
    const file = await open(rawSafetensors(header, data));
    if (!file.ok) throw new Error(sentence(file.problem));
    const read = async (name: string) => {
      const tensor = await readTensor(file.value, name);
      return tensor.ok ? [...tensor.value] : sentence(tensor.problem);
    };
    expect(await read("b")).toEqual([-2.5]);
    expect(await read("c")).toEqual([1, 2 ** -24]);
    expect(await read("d")).toEqual([3.140625]);
    expect(await read("e")).toEqual([Math.fround(0.1)]);
    expect(await read("A.1")).toMatch(/bad.safetensors, tensor A.1: its dtype U8 cannot be merged. Save/);
    expect(await read("z")).toMatch(/no such tensor/);
  });
});

describe("a source that fails", () => {
  const whole = rawSafetensors(f32([2], [0, 8]), 8);
  const good = memorySource("bad.safetensors", whole);

  it("short reads and rejections become sentences", async () => {
    const file = await openSafetensors(good);
    if (!file.ok) throw new Error();
    const short = { ...good, read: async (start: number) => whole.slice(start, start + 3) };
    expect(refusal(await readTensor({ ...file.value, source: short }, "W.1"))).toMatch(
      /tensor W.1: 3 of 8 bytes arrived/,
    );
    const broken = { ...good, read: () => Promise.reject(new Error("connection reset.")) };
    expect(refusal(await openSafetensors(broken))).toMatch(/could not be read \(connection reset\)/);
  });

  it("an abort is a cancellation", async () => {
    const result = await openSafetensors(good, AbortSignal.abort());
    expect(!result.ok && result.problem.kind).toBe("cancelled");
  });
});
