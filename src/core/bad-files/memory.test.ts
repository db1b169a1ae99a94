import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { MAX_HEADER, openSafetensors } from "../checkpoint/safetensors";
import { countingSource } from "./counting-source";
import { JSON_READERS } from "./json-readers";
import { safetensorsOf } from "./mutate-safetensors";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MB = 2 ** 20;
/** What a reader may hold and use besides the file's own bytes, whatever the file says. */
const HELD = 96 * MB;
const USED = 256 * MB;

const inUse = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** A file of `count` pieces between a beginning and an end. */
function filled(begin: string, count: number, piece: (i: number) => string, end: string): Uint8Array {
  return new TextEncoder().encode(begin + Array.from({ length: count }, (_, i) => piece(i)).join(",") + end);
}
/** A file of `size` bytes that repeats a piece behind a beginning. */
const repeated = (size: number, begin: string, piece = begin): Uint8Array => {
  const bytes = Buffer.alloc(size, piece);
  bytes.write(begin);
  return new Uint8Array(bytes);
};

const reader = (name: string) => JSON_READERS.find((r) => r.name === name)!.read;
const header = async (bytes: Uint8Array) =>
  openSafetensors(countingSource("m.safetensors", safetensorsOf(bytes)));

type Case = readonly [name: string, make: () => Uint8Array, read: (bytes: Uint8Array) => Promise<unknown>];
const tensor = (i: number) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`;
const CASES: readonly Case[] = [
  ["a header of nothing but spaces", () => repeated(MAX_HEADER, "{", " "), header],
  ["a header five million objects deep", () => repeated(MAX_HEADER - 5, '{"a":'), header],
  ["a header of 199990 tensors", () => filled("{", 199_990, tensor, "}"), header],
  [
    "a header of a shape of 3.9 million sizes",
    () => filled('{"w":{"dtype":"U8","data_offsets":[0,0],"shape":[', 3_900_000, () => "1", "]}}"),
    header,
  ],
  [
    "a config of a million objects",
    () => filled('{"a":[', 1_000_000, () => "{}", "]}"),
    reader("config.json"),
  ],
  [
    "a config of 249000 keys",
    () => filled("{", 249_000, (i) => `"${i.toString(36)}":0`, "}"),
    reader("config.json"),
  ],
  [
    "an index of 390000 tensors",
    () => filled('{"weight_map":{', 390_000, (i) => `"t${i}":"a.safetensors"`, "}}"),
    reader("model.safetensors.index.json"),
  ],
  [
    "a tokenizer of a million tokens",
    () => filled('{"model":{"vocab":{', 1_000_000, (i) => `"t${i}":${i}`, "}}}"),
    reader("tokenizer.json"),
  ],
  [
    "a recipe of a million components",
    () => filled('{"format":"demix-recipe","components":[', 1_000_000, () => '{"id":"a"}', "]}"),
    reader("recipe.json"),
  ],
];

it.each(CASES)("%s takes its own size and a constant", async (_, make, read) => {
  const bytes = make();
  const before = inUse();
  const { rss } = process.memoryUsage();
  const peakBefore = process.resourceUsage().maxRSS * 1024;
  const result = await read(bytes);
  const peak = process.resourceUsage().maxRSS * 1024;
  const held = inUse() - before;
  expect(result).toBeDefined();
  const used = peak > peakBefore ? peak - rss : 0;
  if (process.env.TALLY)
    console.info(
      `${_}: ${(bytes.length / MB).toFixed(1)} MB, held ${(held / MB).toFixed(1)}, peak ${(used / MB).toFixed(1)}`,
    );
  expect(held).toBeLessThan(bytes.length + HELD);
  expect(used).toBeLessThan(bytes.length + USED);
});
