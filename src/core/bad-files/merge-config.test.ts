import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { canonicalJson } from "../canonical";
import { memoryFolder } from "../checkpoint/byte-source";
import { readText } from "../checkpoint/folder-files";
import type { MergeConfig, Setting, Settings } from "../merge/config/merge-config";
import { parseMergeConfig } from "../merge/config/parse-merge-config";
import { mutatedYaml } from "./mutate-yaml";
import { referenceText } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";

const FOLDERS = ["resolve", "merges"].map((name) => `reference/values/mergekit-yaml/${name}`);
const CONFIGS = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, "utf8")),
);

type Plain = Record<string, unknown>;

/** The library's own reading: every scalar as its text, or by YAML 1.1. */
function declaredBy(text: string, schema: "failsafe" | "yaml-1.1"): Plain {
  const document = parseDocument(text.replace(/^\ufeff/, ""), {
    version: "1.1",
    schema,
    merge: true,
    logLevel: "silent",
  });
  expect(document.errors).toEqual([]);
  return document.toJS() as Plain;
}

/** A number as the file says it; switches are 0 and 1, in YAML's words or pydantic's. */
function numberOf(value: unknown): number {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return value;
  const word = String(value).trim().toLowerCase();
  if (/^(t|true|y|yes|on)$/.test(word)) return 1;
  if (/^(f|false|n|no|off)$/.test(word)) return 0;
  return Number(word.replaceAll("_", ""));
}

function settingOf(value: unknown): Setting {
  const scalarOrGradient = (own: unknown) => (Array.isArray(own) ? own.map(numberOf) : numberOf(own));
  const condition = (own: unknown) => {
    const { filter = null, value: held } = own as { filter?: string | null; value: unknown };
    return { filter, value: scalarOrGradient(held) };
  };
  const isCondition = (own: unknown) => typeof own === "object" && own !== null && !Array.isArray(own);
  if (isCondition(value)) return { conditions: [condition(value)] };
  if (Array.isArray(value) && value.some(isCondition)) return { conditions: value.map(condition) };
  return scalarOrGradient(value);
}

/** What the notes say is ignored is left out. */
function settingsOf(parameters: unknown, place: string, notes: readonly string[]): Settings {
  const entries = Object.entries((parameters ?? {}) as Plain).filter(
    ([name]) => !notes.some((note) => note.startsWith(`${place}.${name} has no effect`)),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, settingOf(value)]));
}

/** "path", "path+lora", or mappings of both. */
function referenceOf(value: unknown): { path: string; lora: string | null } {
  const pathOf = (own: unknown): string => (typeof own === "string" ? own : (own as { path: string }).path);
  if (typeof value === "string") {
    const [path = "", lora = null] = value.split("+");
    return { path, lora };
  }
  const { model, lora } = value as { model: unknown; lora?: unknown };
  const none = lora === undefined || lora === null || /^(~|null|Null|NULL|)$/.test(String(lora));
  return { path: pathOf(model), lora: none ? null : pathOf(lora) };
}

const dtypeOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : String(value).replace(/^torch\./, "");

/** Equal but for the order of names and the sign of a zero. */
const same = (a: unknown, b: unknown) => expect(canonicalJson(a)).toBe(canonicalJson(b));

const format: BadFormat<MergeConfig> = {
  file: /^merges\/merge\.yaml$/,
  mutate: (choice) => mutatedYaml(CONFIGS, choice),
  read: async (bytes) => {
    const read = await readText(memoryFolder("merges", { "merge.yaml": bytes }), "merge.yaml", 2 ** 20);
    return read.ok ? parseMergeConfig(read.value!.text, read.value!.file) : read;
  },
  compare: (config, bytes) => {
    const text = referenceText(bytes);
    const [texts, values] = [declaredBy(text, "failsafe"), declaredBy(text, "yaml-1.1")];
    expect(config.method).toBe(texts.merge_method);
    expect([config.dtype, config.outDtype]).toEqual([dtypeOf(values.dtype), dtypeOf(values.out_dtype)]);
    expect(config.base).toEqual(values.base_model == null ? null : referenceOf(texts.base_model));
    same(config.parameters, settingsOf(values.parameters, "parameters", config.notes));
    const models = values.models as { parameters?: unknown }[];
    const named = (texts.models as { model: unknown }[]).map(({ model }) => referenceOf(model));
    same(
      config.models,
      named.map((model, i) => ({
        model,
        parameters: settingsOf(models[i]!.parameters, `models[${i}].parameters`, config.notes),
      })),
    );
    const known = ["models", "merge_method", "base_model", "parameters", "dtype", "out_dtype"];
    expect(Object.keys(values).filter((key) => !known.includes(key))).toEqual([]);
  },
  place: /\bline \d+|merge method "|valid UTF-8|it is empty|words and signs/,
};

it("2000 damaged merge configurations are read as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(format, 2000, 900_000)));
});
