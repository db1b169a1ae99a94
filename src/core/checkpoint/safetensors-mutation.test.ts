import { expect, it } from "vitest";
import { sentence } from "../result";
import { memorySource } from "./byte-source";
import { openSafetensors, readTensor } from "./safetensors";
import { encodeSafetensors, rawSafetensors } from "./tiny-checkpoint";

const ROUNDS = 4000;

/** A small generator (mulberry32) of its own, so that a failure's number repeats it. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const SNIPPETS = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "-",
  "0",
  "9",
  "e",
  ".",
  "null",
  "\\",
  "F16",
  "dtype",
  "\u0000",
];

function mutate(seed: number): Uint8Array {
  const pick = random(seed);
  const values = (n: number) => Float32Array.from({ length: n }, () => pick(1000) / 7);
  const whole = encodeSafetensors([
    { name: "a", shape: [2, 3], data: values(6) },
    { name: "b.weight", shape: [4], data: values(4) },
    { name: "é", shape: [], data: values(1) },
  ]);
  let bytes = Array.from(whole);
  const headerEnd = 8 + Number(new DataView(whole.buffer).getBigUint64(0, true));
  for (let n = 1 + pick(3); n > 0; n--) {
    const at = pick(2) ? pick(headerEnd) : pick(bytes.length + 1);
    switch (pick(7)) {
      case 0:
        bytes[at] = pick(256);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes.splice(at, 1 + pick(9));
        break;
      case 3:
        bytes.splice(at, 0, ...new TextEncoder().encode(SNIPPETS[pick(SNIPPETS.length)]!));
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + pick(40)));
        break;
      case 5:
        bytes[Math.max(0, bytes.length - 1 - pick(44))] = pick(256);
        break;
      default: {
        const digits = bytes.flatMap((b, i) => (i >= 8 && i < headerEnd && b >= 48 && b <= 57 ? [i] : []));
        if (digits.length) bytes[digits[pick(digits.length)]!] = 48 + pick(10);
      }
    }
  }
  // Half of the time the length prefix follows the header's new end, so that mutations get past the first check.
  let end = bytes.lastIndexOf(125) + 1;
  while (bytes[end] === 32) end++;
  if (pick(2) && end > 8)
    return rawSafetensors(Uint8Array.from(bytes.slice(8, end)), Uint8Array.from(bytes.slice(end)));
  return Uint8Array.from(bytes);
}

/** What an accepted file declares, read independently. */
function declared(bytes: Uint8Array): { header: Record<string, Declared>; data: Uint8Array } {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__;
  return { header, data: bytes.subarray(8 + length) };
}
interface Declared {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

it(`${ROUNDS} mutated files are refused by name or read as they declare`, async () => {
  let accepted = 0;
  for (let seed = 0; seed < ROUNDS; seed++) {
    const bytes = mutate(seed);
    const file = await openSafetensors(memorySource("mutant.safetensors", bytes));
    if (!file.ok) {
      expect(sentence(file.problem), `seed ${seed}`).toMatch(/^mutant\.safetensors.*\w.*\.$/s);
      continue;
    }
    accepted++;
    const { header, data } = declared(bytes);
    expect([...file.value.tensors.keys()].sort(), `seed ${seed}`).toEqual(Object.keys(header).sort());
    let covered = 0;
    for (const [name, info] of file.value.tensors) {
      const {
        dtype,
        shape,
        data_offsets: [begin, end],
      } = header[name]!;
      expect([info.dtype, info.shape, info.end - info.start]).toEqual([dtype, shape, end - begin]);
      covered += end - begin;
      const tensor = await readTensor(file.value, name);
      if (dtype !== "F32") continue;
      expect(tensor.ok && new Uint8Array(tensor.value.buffer)).toEqual(data.slice(begin, end));
    }
    expect(covered, `seed ${seed}`).toBe(data.length);
  }
  expect(accepted).toBeGreaterThan(100);
  expect(accepted).toBeLessThan(ROUNDS - 100);
});
