import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesPer } from "../merge/block-ops";
import { sentence } from "../result";
import { memoryFolder } from "./byte-source";
import type { ReadableDtype } from "./dtype";
import { elementsOf } from "./expected-tensors";
import { openSet } from "./open-set";
import { type Checkpoint, openCheckpoint } from "./sharded";
import { mixedSafetensors, type RawTensor } from "./tiny-checkpoint";
import { tinySpec } from "./tiny-set";

/** PEFT's own merges; reference/lora_values.py makes them. */
const VALUES = "reference/values";
const { cases, made } = JSON.parse(readFileSync(`${VALUES}/lora.json`, "utf8")) as {
  made: Record<string, string>;
  cases: { name: string; base: string; changed: string[] }[];
};
const folder = (name: string, files: Record<string, string>) =>
  memoryFolder(
    name,
    Object.fromEntries(
      Object.entries(files).map(([to, from]) => [to, new Uint8Array(readFileSync(`${VALUES}/lora/${from}`))]),
    ),
  );

/** A case's base and its adapter "own". */
const folderOf =
  (name: string, base: string) =>
  ({ id }: { readonly id: string }) =>
    id === "base"
      ? folder("base", {
          "config.json": `bases/${base}/config.json`,
          "model.safetensors": `bases/${base}/model.safetensors`,
        })
      : folder("own", {
          "adapter_config.json": `${name}/adapter_config.json`,
          "adapter_model.safetensors": `${name}/adapter_model.safetensors`,
        });

async function openCase(name: string, base: string) {
  const set = await openSet(tinySpec(["own"]), folderOf(name, base));
  if (!set.ok) throw new Error(sentence(set.problem));
  const merged = await openCheckpoint(
    folder("merged", {
      "config.json": `bases/${base}/config.json`,
      "model.safetensors": `${name}/merged.safetensors`,
    }),
  );
  if (!merged.ok) throw new Error(sentence(merged.problem));
  return { set: set.value, own: set.value.components[0]!.checkpoint, merged: merged.value };
}

async function bytesOf(checkpoint: Checkpoint, name: string, range?: { from: number; to: number }) {
  const values = await checkpoint.values(name, range);
  if (!values.ok) throw new Error(sentence(values.problem));
  return values.value;
}

describe(`PEFT ${made.peft}'s merge_and_unload`, () => {
  it.each(cases.map((c) => [c.name, c] as const))(
    "%s: equal bit by bit",
    async (_, { name, base, changed }) => {
      const { set, own, merged } = await openCase(name, base);
      const different: string[] = [];
      for (const { name: tensor } of set.tensors) {
        const expected = await bytesOf(changed.includes(tensor) ? merged : set.base, tensor);
        const found = await bytesOf(own, tensor);
        expect([tensor, found.dtype, own.info(tensor)!.dtype]).toEqual([
          tensor,
          expected.dtype,
          expected.dtype,
        ]);
        if (Buffer.compare(found.bytes, expected.bytes) !== 0) different.push(tensor);
      }
      expect(different).toEqual([]);
      expect(changed.every((tensor) => set.tensors.some((t) => t.name === tensor))).toBe(true);
      expect(changed.length).toBeGreaterThan(0);
    },
  );

  it.each(["plain", "embedding", "gpt2", "gpt2-bias", "saved-modules"])(
    "%s: any range is a part of the whole",
    async (name) => {
      const { base } = cases.find((c) => c.name === name)!;
      const { set, own } = await openCase(name, base);
      for (const { name: tensor, shape } of set.tensors) {
        const whole = await bytesOf(own, tensor);
        const size = bytesPer[whole.dtype as ReadableDtype];
        const total = elementsOf(shape);
        for (const [from, to] of [
          [0, 1],
          [1, Math.min(total, 7)],
          [Math.floor(total / 3), Math.floor((2 * total) / 3)],
          [total - 1, total],
          [5 % total, 5 % total],
        ] as const) {
          const part = await bytesOf(own, tensor, { from, to });
          expect(part.bytes).toEqual(whole.bytes.slice(from * size, to * size));
        }
        const values = await own.tensor(tensor);
        expect(values.ok && values.value.length).toBe(total);
      }
    },
  );

  it("is the same on a base that was saved without the outermost prefix", async () => {
    const { own, set } = await openCase("gpt2", "gpt2");
    const bare: RawTensor[] = [];
    for (const { name, shape } of set.tensors) {
      const { dtype, bytes } = await bytesOf(set.base, name);
      bare.push({ name: name.replace("transformer.", ""), dtype, shape, bytes });
    }
    const files = {
      "config.json": JSON.stringify(set.base.config),
      "model.safetensors": mixedSafetensors(bare),
    };
    const folders = folderOf("gpt2", "gpt2");
    const opened = await openSet(tinySpec(["own"]), (m) =>
      m.id === "base" ? memoryFolder("base", files) : folders(m),
    );
    if (!opened.ok) throw new Error(sentence(opened.problem));
    const { checkpoint } = opened.value.components[0]!;
    for (const { name } of set.tensors) {
      const expected = await bytesOf(own, name);
      expect(await bytesOf(checkpoint, name.replace("transformer.", ""))).toEqual(expected);
    }
  });
});
