import { expect, it } from "vitest";
import { BytePool } from "../checkpoint/byte-pool";
import { loadKernel } from "../kernel/load-kernel";
import { sentence } from "../result";
import { memoryTensors } from "./memory-tensors";
import { constantParameters } from "./merge-choice";
import { completeSettings, type MergeMethod } from "./merge-method";
import { mergeTensors, type TensorReader } from "./merge-plan";
import { findMethod } from "./registry";

/** More than one part of a result, in float32 and in bfloat16, and no whole number of blocks. */
const LENGTH = 2_300_003;

const reader = (seed: number): TensorReader =>
  memoryTensors(
    `m${seed}`,
    new Map([["w", Float32Array.from({ length: LENGTH }, (_, i) => Math.sin((i % 7919) * seed + i))]]),
  );

async function merged(method: MergeMethod, pool?: BytePool): Promise<{ bytes: Uint8Array; parts: number }> {
  const settings = {
    settings: completeSettings(method, "merge"),
    own: completeSettings(method, "model", { density: 0.4 }),
  };
  const parts = mergeTensors(
    {
      tensors: [{ name: "w", shape: [LENGTH] }],
      components: [2, 3].map((k) => ({ id: `m${k}`, reader: reader(k) })),
      base: reader(1),
      method,
      parameters: constantParameters(settings, [0.7, 0.6]),
      dtype: "BF16",
    },
    { ops: await loadKernel(), ...(pool && { results: pool }) },
  );
  const bytes = new Uint8Array(2 * LENGTH);
  let at = 0;
  let count = 0;
  for await (const part of parts) {
    if (!part.ok) throw new Error(sentence(part.problem));
    expect(part.value.from).toBe(at / 2);
    bytes.set(part.value.values.bytes, at);
    at += part.value.values.bytes.length;
    count++;
    pool?.give(part.value.values.bytes);
  }
  expect(at).toBe(bytes.length);
  return { bytes, parts: count };
}

it("hands a large tensor on in parts that are equal to the whole, also from buffers that are used again", async () => {
  const found = findMethod("ties");
  if (!found.ok) throw new Error(sentence(found.problem));
  const { blocks, ...whole } = found.value;
  expect(blocks).toBeDefined();
  const expected = await merged(whole);
  const inParts = await merged(found.value, new BytePool((size) => new Uint8Array(size).fill(255), 0));
  expect(expected.parts).toBe(1);
  expect(inParts.parts).toBe(2);
  expect(inParts.bytes.every((byte, i) => byte === expected.bytes[i])).toBe(true);
});
