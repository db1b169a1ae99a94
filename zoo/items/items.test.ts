import { describe, expect, it } from "vitest";
import type { ChoiceItem, GenerateItem, RollingItem } from "../../src/core/scoring/task";
import { documentName, isHeldOut, readDocuments } from "../corpus/documents";
import { heldOutQuestions, mathDocuments, mathName, problemOf } from "../corpus/math";
import { sha256 } from "../corpus/rng";
import { itemsText, readRefs, readTaskSet } from "./items-file";
import { readSlice, type TextRefs } from "./refs";
import { TASKS } from "./tasks";

const taskSet = readTaskSet();
const built = new Map(TASKS.map((task) => [task.spec.id, task.build(readRefs(task.spec.id))]));
const byType = (type: string) =>
  TASKS.filter(({ spec }) => spec.outputType === type).map(({ spec }) => spec.id);

describe("items", () => {
  it.each(TASKS.map(({ spec }) => spec.id))("%s is what tasks.json says", (id) => {
    const spec = taskSet.tasks.find((task) => task.id === id);
    const items = built.get(id) ?? [];
    expect(items.length).toBe(spec?.items);
    expect(sha256(itemsText(id, items))).toBe(spec?.itemsSha256);
  });

  it.each(byType("multiple_choice"))("%s has distinct choices, a gold one and clean contexts", (id) => {
    const items = (built.get(id) ?? []) as ChoiceItem[];
    for (const item of items) {
      expect(new Set(item.choices).size).toBe(4);
      expect(item.choices[item.gold as number]).toBeTypeOf("string");
      expect(item.context).toMatch(/\S$/);
      for (const choice of item.choices) expect(choice).toMatch(/^[ \n]/);
    }
    expect(new Set(items.map((item) => item.gold)).size).toBe(4);
  });

  it.each(byType("generate_until"))("%s has targets that stop where they should", (id) => {
    for (const item of (built.get(id) ?? []) as GenerateItem[]) {
      expect(item.context).toMatch(/\S$/);
      expect(item.target).toMatch(/^ \d+$/);
      expect(item.target.length).toBeLessThanOrEqual(item.maxGenToks);
    }
  });

  it.each(byType("loglikelihood_rolling"))("%s has text of a passage's length", (id) => {
    for (const item of (built.get(id) ?? []) as RollingItem[]) {
      expect(item.text.length).toBeGreaterThan(80);
      expect(item.text.length).toBeLessThan(400);
    }
  });
});

describe("references", () => {
  const refs = readRefs("prose_word") as TextRefs;
  const first = refs.items[0];
  if (!first) throw new Error("prose_word has no items");

  it("refuses a slice that is not the one it was made from, and names the file", () => {
    const moved = { ...first, start: first.start + 1 };
    const file = refs.files[first.file]?.file ?? "";
    expect(() => readSlice(moved, refs.files, refs.task)).toThrow(file);
    expect(() => readSlice({ ...first, sha256: sha256("other") }, refs.files, refs.task)).toThrow(
      /run npm ci/,
    );
  });

  it("refuses another version of a package", () => {
    const files = refs.files.map((file) => ({ ...file, version: "0.0.1" }));
    expect(() => readSlice(first, files, refs.task)).toThrow(/0\.0\.1/);
  });
});

describe("held-out documents", () => {
  it("are the only ones that items are drawn from", () => {
    for (const { spec } of TASKS) {
      const refs = readRefs(spec.id);
      const names = "files" in refs ? refs.files.map(documentName) : refs.documents;
      for (const name of names) expect(isHeldOut(name)).toBe(true);
    }
  });

  it("hold no text that a training document holds as a whole", () => {
    for (const source of ["prose", "python"] as const) {
      const docs = readDocuments(source);
      const training = new Set(
        docs.filter((doc) => !isHeldOut(documentName(doc))).map((doc) => sha256(doc.bytes)),
      );
      const held = docs.filter((doc) => isHeldOut(documentName(doc)));
      for (const doc of held) expect(training.has(sha256(doc.bytes))).toBe(false);
    }
  });

  it("share no question with the training part of either math source", () => {
    const reserved = heldOutQuestions();
    for (const id of ["math_bytes", "word_problems"]) {
      const refs = readRefs(id);
      const names = "documents" in refs ? refs.documents : [];
      for (const name of names) expect(reserved.has(problemOf(name)?.question ?? "")).toBe(true);
    }
    expect(mathName("math_high", 12)).toBe("math_high/00012");
    expect(mathDocuments("math_low").every((doc) => doc.text.endsWith("\n"))).toBe(true);
  });
});
