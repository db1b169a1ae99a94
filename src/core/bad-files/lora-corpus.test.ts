import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { openSet } from "../checkpoint/open-set";
import { tinySpec } from "../checkpoint/tiny-set";
import { safetensorsOf } from "./mutate-safetensors";
import { referenceSafetensors } from "./reference-safetensors";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

const VALUES = "reference/values/lora";
const bytesOf = (path: string) => new Uint8Array(readFileSync(`${VALUES}/${path}`));
const jsonOf = (path: string) =>
  JSON.parse(new TextDecoder().decode(bytesOf(path))) as Record<string, unknown>;

const base = {
  "config.json": bytesOf("bases/qwen3-f32/config.json"),
  "model.safetensors": bytesOf("bases/qwen3-f32/model.safetensors"),
};
const config = jsonOf("plain/adapter_config.json");
const weights = bytesOf("plain/adapter_model.safetensors");
const MODULES = referenceSafetensors(weights).tensors.size / 2;

async function open(json: unknown, adapter: Uint8Array = weights) {
  const own = { "adapter_config.json": JSON.stringify(json), "adapter_model.safetensors": adapter };
  const cpu = () => process.cpuUsage().user / 1000;
  const { value, ms } = await timed(
    () => openSet(tinySpec(["own"]), ({ id }) => memoryFolder(id, id === "base" ? base : own)),
    cpu,
    500,
  );
  expect(ms).toBeLessThan(1000);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return value;
}

const FILE = /^own(\/adapter_(config\.json|model\.safetensors))?$/;

it.each<readonly [string, unknown]>([
  ["r", 0],
  ["r", -8],
  ["r", 65_537],
  ["r", 1e300],
  ["r", 0.5],
  ["r", "8"],
  ["r", [8]],
  ["r", true],
  ["lora_alpha", "16"],
  ["lora_alpha", {}],
  ["use_rslora", 1],
  ["use_rslora", "true"],
  ["rank_pattern", []],
  ["rank_pattern", "x"],
  ["rank_pattern", { q_proj: 0 }],
  ["rank_pattern", { q_proj: -1 }],
  ["rank_pattern", { q_proj: 1e9 }],
  ["rank_pattern", { q_proj: null }],
  ["alpha_pattern", { q_proj: "1" }],
  ["target_modules", [1]],
  ["target_modules", { q_proj: true }],
  ["modules_to_save", [null]],
  ["layers_to_transform", ["0"]],
  ["layers_to_transform", 0.5],
  ["layers_to_transform", 2 ** 53],
  ["layers_pattern", ["(a+)+"]],
  ["fan_in_fan_out", "no"],
  ["bias", "some"],
  ["bias", 1],
  ["peft_type", "IA3"],
  ["peft_type", ["LORA"]],
  ["init_lora_weights", "pissa"],
  ["use_dora", true],
  ["target_parameters", ["x"]],
  ["constructor", 1],
  ["toString", "x"],
])("no adapter has %s %j", async (field, value) => {
  const read = await open({ ...config, [field]: value });
  if (read.ok) throw new Error("it was accepted");
  expect(refusalFault(read.problem, FILE, new RegExp(`\\b${field}\\b`))).toBeNull();
});

/** Patterns with which backtracking takes longer than the universe will. */
const BOMBS = [
  "(a+)+$",
  "(a|a)*b",
  "(.*a){30}",
  "(.*)*x",
  "(x+x+)+y",
  "([a-z._]*)*0",
  "(.*.*.*.*.*)z",
  "((.*)*)*z",
  "(\\w|\\w\\w)*!",
  "(?:.*\\.){20}x",
];

it.each(BOMBS)("the pattern %j is matched in time, wherever it stands", async (pattern) => {
  for (const changes of [
    { target_modules: pattern },
    { target_modules: `.*|${pattern}` },
    { exclude_modules: pattern },
    { modules_to_save: [pattern] },
    { rank_pattern: { [pattern]: 8 } },
    { alpha_pattern: { [pattern]: 2 } },
  ]) {
    const read = await open({ ...config, ...changes });
    if (!read.ok) expect(refusalFault(read.problem, FILE, /The pattern |tensor /)).toBeNull();
  }
});

it.each([
  ["a lookahead", "(?=.*)x", /\(\?=/],
  ["a reference", "(a)\\1", /\\1/],
  ["flags", "(?i)q_proj", /\(\?i/],
  ["a parenthesis that stays open", "(q_proj", /parenthesis/],
  ["a bracket that stays open", "[q_proj", /bracket/],
  ["a repetition of nothing", "*q_proj", /"\*"/],
  ["a repetition of a million", "a{1000000}", /repeats|not read/],
  ["repetitions of repetitions", "((((a{999}){999}){999}){999})", /too large/],
  ["a million parentheses", `${"(".repeat(1_000_000)}a${")".repeat(1_000_000)}`, /longer than/],
  ["a million branches", `a${"|a".repeat(1_000_000)}`, /longer than/],
])("refuses a pattern with %s", async (_, pattern, said) => {
  const read = await open({ ...config, rank_pattern: { [pattern]: 4 } });
  expect(!read.ok && refusalFault(read.problem, FILE, said)).toBeNull();
});

it.each<readonly [string, Record<string, unknown>]>([
  ["one pattern for everything", { target_modules: ".*" }],
  ["all linear layers", { target_modules: "all-linear" }],
  [
    "ten thousand patterns that match nothing",
    { alpha_pattern: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x${i}`, 1])) },
  ],
  [
    "ten thousand target modules",
    {
      target_modules: [
        ...(config.target_modules as string[]),
        ...Array.from({ length: 10_000 }, (_, i) => `x${i}`),
      ],
    },
  ],
  ["ten thousand layers", { layers_to_transform: Array.from({ length: 10_000 }, (_, i) => i) }],
  ["patterns named as objects' own", { rank_pattern: { constructor: 3, toString: 3, hasOwnProperty: 3 } }],
])("reads an adapter with %s", async (_, changes) => {
  const read = await open({ ...config, ...changes });
  if (!read.ok) throw new Error(read.problem.message);
  expect(read.value.components).toHaveLength(1);
});

/** The adapter with the names or shapes of its header changed. */
function withHeader(
  change: (header: Record<string, { shape: number[] }>) => Record<string, unknown>,
): Uint8Array {
  const end = 8 + Number(new DataView(weights.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, end))) as Record<
    string,
    { shape: number[] }
  >;
  return safetensorsOf(new TextEncoder().encode(JSON.stringify(change(header))), weights.subarray(end));
}
const renamed = (rename: (name: string) => string) =>
  withHeader((header) =>
    Object.fromEntries(
      Object.entries(header).map(([name, entry]) => [name === "__metadata__" ? name : rename(name), entry]),
    ),
  );

it.each([
  ["outside the base model", renamed((n) => n.replace("base_model.model.", "")), /base_model/],
  ["of layers that the base lacks", renamed((n) => n.replace("layers.1", "layers.9")), /layers\.9/],
  ["of modules named as objects' own", renamed((n) => n.replace("q_proj", "constructor")), /constructor/],
  ["with names of 900 characters", renamed((n) => `${n}${"x".repeat(850)}`), /name is too long/],
  [
    "whose B is missing",
    withHeader((h) =>
      Object.fromEntries(
        Object.entries(h).map(([n, e]) => [n.replace(".lora_B.weight", ".lora_C.weight"), e]),
      ),
    ),
    /lora_/,
  ],
  [
    "whose rank is another",
    withHeader((h) =>
      Object.fromEntries(
        Object.entries(h).map(([n, e]) => [
          n,
          n === "__metadata__" ? e : { ...e, shape: [...e.shape].reverse() },
        ]),
      ),
    ),
    /rank is|update of/,
  ],
])("refuses tensors %s", async (_, adapter, said) => {
  const read = await open(config, adapter);
  expect(!read.ok && refusalFault(read.problem, FILE, said)).toBeNull();
});

it("has tensors to be refused", () => expect(MODULES).toBeGreaterThan(10));
