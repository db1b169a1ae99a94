import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { expect, it } from "vitest";
import { sha256 } from "../corpus/rng";
import { DEMO, readRefs } from "./items-file";
import { TASKS } from "./tasks";

interface TokenizerValues {
  tasks: Record<string, { texts: number; sha256: string }>;
  texts: { text: string; ids: number[] }[];
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const values = readJson(
  resolve(import.meta.dirname, "../../reference/values/tokenizer.json"),
) as TokenizerValues;
const tokenizer = new Tokenizer(
  readJson(join(DEMO, "base/tokenizer.json")) as object,
  readJson(join(DEMO, "base/tokenizer_config.json")) as object,
);
const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;

it.each(values.texts)("encodes $text as the Rust tokenizers do", ({ text, ids }) => {
  expect(encode(text)).toEqual(ids);
});

it.each(TASKS)("encodes every text of $spec.id as the Rust tokenizers do", ({ spec, build }) => {
  const texts = build(readRefs(spec.id)).flatMap((item) => {
    if ("text" in item) return [item.text];
    const endings = "choices" in item && item.choices ? item.choices : "target" in item ? [item.target] : [];
    return endings.map((ending) => item.context + ending);
  });
  expect(texts.length).toBe(values.tasks[spec.id]?.texts);
  expect(sha256(texts.map((text) => JSON.stringify(encode(text))).join("\n"))).toBe(
    values.tasks[spec.id]?.sha256,
  );
});
