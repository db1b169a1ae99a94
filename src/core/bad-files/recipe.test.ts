import lz from "lz-string";
import { expect, it } from "vitest";
import { parseRecipe } from "../recipe/parse-recipe";
import type { Recipe } from "../recipe/recipe-schema";
import { type LinkState, readLinkHash } from "../recipe/share-link";
import { fail, ok } from "../result";
import { expectDeclared } from "./expect-declared";
import { JSON_PLACE } from "./json-place";
import { type JsonTree, leaf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceText, referenceValue } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";
import type { SeededChoice } from "./seeded-choice";

const estimate = { value: 0.5, low: 0.4, high: null, n: 100 };
const table = { "task:a": estimate, "domain:b": { ...estimate, low: null }, macro: estimate };
const recipe = {
  format: "demix-recipe",
  version: 1,
  name: "Mischung ä",
  note: "two\nlines",
  set: { name: "A set", hash: "abc", beta: 0.5 },
  tasks: { name: "tasks", hash: "def" },
  components: [
    { id: "general", label: "General", alpha: 0.25, general: true, source: "general/" },
    { id: "code", label: "Code", alpha: 0.75, general: false, source: "https://host/code/" },
  ],
  effectiveShares: [{ id: "general", label: "General", share: 0.625 }],
  method: { name: "ties", parameters: { density: 0.5, lambda: 1 } },
  scores: { continuous: table, accuracy: table },
  provenance: {
    backend: "wasm",
    origin: "measured",
    versions: { onnxruntime: "1.30.0" },
    seed: 7,
    items: { done: 10, total: 20 },
    measuredAt: null,
    writtenAt: "2026-01-01T00:00:00Z",
  },
  merged: { dtype: "BF16", mergekit: false, files: [{ path: "model.safetensors", bytes: 12, sha256: "00" }] },
  tolerance: { continuous: 5e-4, accuracy: 0.01 },
  more: { that: ["is", "ignored"] },
};

function touch(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  tree.members.push([
    choice.one(["extra", "constructor", "toString", ""]),
    leaf(choice.one(["1", "null", '{"a":[]}'])),
  ]);
}

/** As the browser gives a chosen file's text: what is no UTF-8 comes as U+FFFD. */
const lossyText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const recipes: BadFormat<Recipe> = {
  file: /^recipe\.json$/,
  mutate: (choice) => mutatedJsonFile([recipe, { ...recipe, scores: null }], choice, touch),
  read: (bytes) => parseRecipe(lossyText(bytes), "recipe.json"),
  compare: (read, bytes) => {
    const declared = referenceValue(utf8(lossyText(bytes))) as typeof recipe;
    expectDeclared(read, declared, ["continuous", "accuracy", "parameters", "versions"]);
    const sum = declared.components.reduce((all, { alpha }) => all + alpha, 0);
    expect(sum).toBeCloseTo(1, 5);
    expect(new Set(declared.components.map((c) => c.id)).size).toBe(declared.components.length);
  },
  place: new RegExp(`${JSON_PLACE.source}|mixture weights|has version`),
};

it("1000 damaged recipes are read as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(recipes, 1000, 600_000)));
});

const link = {
  version: 1,
  set: "abc",
  alpha: [0.25, 0.75],
  page: "explore",
  view: "accuracy",
  target: "domain:code",
  axes: [0, 1, 1],
  method: { name: "ties", parameters: { density: 0.5 } },
  name: "ä",
  note: "n",
};

it("500 damaged links open what they hold, or are refused", async ({ annotate }) => {
  const format: BadFormat<LinkState> = {
    file: /./,
    mutate: (choice) => {
      const text = new TextDecoder().decode(mutatedJsonFile([link], choice, touch));
      const hash = lz.compressToEncodedURIComponent(text);
      const cut = choice.chance(0.1) ? choice.below(hash.length) : hash.length;
      return utf8(`#s=${hash.slice(0, cut)}`);
    },
    read: (bytes) => {
      const read = readLinkHash(referenceText(bytes));
      // A link is no file; its refusals are held to the rules for files all the same.
      if (!read.ok) return { ok: false, problem: { ...read.problem, file: "link" } };
      return read.value
        ? ok(read.value)
        : fail("bad-recipe", "It holds no state.", { file: "link", remedy: "Not read." });
    },
    compare: (read, bytes) => {
      const text = lz.decompressFromEncodedURIComponent(referenceText(bytes).slice(3));
      expectDeclared(read, referenceValue(utf8(text)), ["parameters"]);
    },
    place: /The link/,
  };
  await annotate(tallyText(await runMutations(format, 500, 610_000)));
});
