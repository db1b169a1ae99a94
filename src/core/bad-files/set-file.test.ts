import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import type { ComponentSetSpec } from "../checkpoint/component-set";
import { readText } from "../checkpoint/folder-files";
import { type MemberSource, parseSource, sourceText } from "../checkpoint/member-source";
import { parseSetSpec } from "../checkpoint/set-spec";
import { ok } from "../result";
import { JSON_PLACE } from "./json-place";
import { type JsonTree, leaf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceText, referenceValue } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";
import type { SeededChoice } from "./seeded-choice";

const FILE = /^set\/demix-set\.json$/;
const SUM = "0123456789abcdef".repeat(4);
const member = (id: string, source: string) => ({ id, label: `The ${id} – ä`, source });
const component = (id: string, source: string) => ({
  ...member(id, source),
  trainedOn: "half general,\nhalf code",
  general: id === "general",
  beta: 0.5,
  trainTokens: 1e9,
  supplyTokens: 123456,
});
const older = {
  format: "demix-set",
  version: 1,
  name: "A set",
  beta: 0.5,
  base: { ...member("base", "base/"), sha256: { "model.safetensors": SUM, "config.json": SUM } },
  components: [component("general", "general/"), { ...component("code", "code"), licences: ["MIT"] }],
  tasks: "tasks.json",
  references: "references.json",
  sources: [{ name: "a text", version: "1", licence: "MIT", what: "prose" }],
  note: { kept: [1, null, { deep: true }] },
};
const newer = {
  ...older,
  version: 2,
  base: member("base", "hf://owner/name@refs/pr/1"),
  components: [
    { ...component("general", "https://host.example/a%20b"), supplyTokens: null },
    { ...component("code", "local:my folder"), beta: null },
    component("math", "hf://owner/name"),
  ],
};

const SOURCES = [
  "x",
  "a/b/",
  "hf://a/b@c/d",
  "local:X",
  "http://127.0.0.1:8080/a",
  "https://HOST/",
  "a//b",
  "./a",
  "a/%2e%2e/b",
];

/** Other sources, labels and numbers that a set may have. */
function touch(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  for (const [key, value] of tree.members) {
    if (value.kind === "leaf") continue;
    if (key !== "components" && key !== "base") continue;
    const members = key === "base" ? [value] : value.members.map(([, own]) => own);
    const fields = choice.one(members);
    if (fields.kind === "leaf") continue;
    for (const field of fields.members) {
      if (field[0] === "source") field[1] = leaf(JSON.stringify(choice.one(SOURCES)));
      if (field[0] === "trainTokens") field[1] = leaf(choice.one(["0", "12", "1e12", "0.5"]));
    }
  }
}

/** A source as it is kept, from its form alone. */
function normalised(source: string): string {
  if (source.startsWith("hf://")) return source.includes("@") ? source : `${source}@main`;
  if (source.startsWith("local:")) return source;
  const slash = source.endsWith("/") ? source : `${source}/`;
  return source.startsWith("http") ? new URL(slash).href : slash;
}

const sets: BadFormat<ComponentSetSpec> = {
  file: FILE,
  mutate: (choice) => mutatedJsonFile([older, newer], choice, touch),
  read: async (bytes) => {
    const read = await readText(memoryFolder("set", { "demix-set.json": bytes }), "demix-set.json", 2 ** 20);
    return read.ok ? parseSetSpec(read.value!.text, read.value!.file) : read;
  },
  compare: (spec, bytes) => {
    const declared = referenceValue(bytes) as typeof newer;
    const kept = <T extends { source: string }>(own: T): T => ({ ...own, source: normalised(own.source) });
    expect(spec).toEqual({
      ...declared,
      version: 2,
      base: kept(declared.base),
      components: declared.components.map(kept),
    });
    const ids = [declared.base, ...declared.components].map((m) => m.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { source } of [spec.base, ...spec.components])
      expect(source).not.toMatch(/\.\.\/|%2e|\\|[?#]|:.*@.*\/\//i);
  },
  place: new RegExp(`${JSON_PLACE.source}|made by a newer version`),
};

it("1500 damaged set files of both versions are read as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(sets, 1500, 500_000)));
});

const PIECES = [
  ...[
    "hf://",
    "https://",
    "http://",
    "local:",
    "javascript:",
    "file://",
    "//",
    "/",
    "..",
    ".",
    "a",
    "b-c",
    "host",
    "@",
    "#",
    "?",
  ],
  ...[
    "user:secret@",
    ":8080",
    "%2e",
    "%2F",
    "\\",
    " ",
    "\n",
    "\u0000",
    "\u202e",
    "ä",
    "😀",
    "main",
    "refs/pr/1",
    "C:",
    "[::1]",
  ],
];

const sources: BadFormat<MemberSource> = {
  file: FILE,
  mutate: (choice) =>
    new TextEncoder().encode(Array.from({ length: choice.below(6) }, () => choice.one(PIECES)).join("")),
  read: (bytes) => parseSource(referenceText(bytes), "set/demix-set.json"),
  compare: (source, bytes) => {
    const text = referenceText(bytes);
    expect(sourceText(source)).toBe(normalised(text));
    expect(parseSource(sourceText(source), "again")).toEqual(ok(source));
    if (source.kind === "http") {
      const url = new URL(source.url);
      expect([url.username, url.password, url.search, url.hash]).toEqual(["", "", "", ""]);
      expect(url.protocol).toMatch(/^https?:$/);
    }
    if (source.kind === "relative") {
      const home = "https://host/a/b/c/";
      expect(new URL(source.path, home).href.startsWith(home)).toBe(true);
    }
  },
  place: /the source "/,
};

it("1500 odd sources are taken as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(sources, 1500, 510_000)));
});
