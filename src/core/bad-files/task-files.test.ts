import { expect, it } from "vitest";
import { sha256 } from "../canonical";
import { memoryFolder } from "../checkpoint/byte-source";
import { readText } from "../checkpoint/folder-files";
import { parseRunsHeader, type RunsFile, splitScores } from "../scoring/runs-file";
import type { Item, OutputType, TaskSetSpec, TaskSpec } from "../scoring/task";
import { parseItems, parseTaskSet } from "../scoring/task-files";
import { expectDeclared } from "./expect-declared";
import { JSON_PLACE } from "./json-place";
import { type JsonTree, leaf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceValue } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";
import type { SeededChoice } from "./seeded-choice";

const PLACE = new RegExp(`${JSON_PLACE.source}|has version|made by a newer`);

async function textOf(name: string, bytes: Uint8Array) {
  const read = await readText(memoryFolder("set", { [name]: bytes }), name, 2 ** 20);
  if (!read.ok || read.value)
    return read as Extract<typeof read, { ok: false }> | { ok: true; value: { file: string; text: string } };
  throw new Error("there is no such file");
}

/** More keys, which are ignored, and other numbers. */
function touch(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  tree.members.push([
    choice.one(["extra", "constructor", "valueOf"]),
    leaf(choice.one(["1", "null", '{"a":[]}'])),
  ]);
}

const SUM = "0123456789abcdef".repeat(4);
const task = (id: string, outputType: OutputType): TaskSpec => ({
  id,
  label: `Task ${id} ä`,
  domain: "code",
  outputType,
  accuracyMetric: "acc",
  continuousMetric: "gold_prob",
  about: "what it is\nabout",
  itemsFile: `items/${id}.json`,
  itemsSha256: SUM,
  items: 2,
});
const taskSet = {
  format: "demix-tasks",
  version: 1,
  name: "Tasks",
  domains: [{ id: "code", label: "Code" }],
  tasks: [task("a", "multiple_choice"), task("b", "loglikelihood_rolling")],
};

const newer = {
  ...taskSet,
  version: 2,
  tasks: [
    {
      ...task("c", "generate_until"),
      metrics: [
        { metric: "exact_match", exactMatch: { ignoreCase: true, regexesToIgnore: ["\\$", "(?s).*x"] } },
      ],
      filters: [
        { name: "strict", steps: [{ function: "regex", pattern: "(\\d+)", groupSelect: -1, fallback: "?" }] },
        {
          name: "map",
          steps: [
            { function: "map", mapping: { a: 1, b: "c" }, otherwise: null },
            { function: "take_first" },
          ],
        },
      ],
      accuracyFilter: "strict",
      generation: { temperature: 0.5, topK: 3, repeats: 2 },
      origin: { task: "c", version: 1.5, nShot: 2, config: { task: "c", list: [1, null] } },
      mode: "lm-eval",
    },
  ],
  groups: [
    { id: "g", label: "G", tasks: ["c"], aggregates: [{ metric: "exact_match", weightBySize: true }] },
  ],
};
/** Fields whose names are data. */
const TABLES = ["config", "doc", "mapping"];

const taskSets: BadFormat<TaskSetSpec> = {
  file: /^set\/tasks\.json$/,
  mutate: (choice) => mutatedJsonFile([taskSet, newer], choice, touch),
  read: async (bytes) => {
    const read = await textOf("tasks.json", bytes);
    return read.ok ? parseTaskSet(read.value.text, read.value.file) : read;
  },
  compare: (read, bytes) => {
    const declared = referenceValue(bytes) as typeof taskSet;
    expect(read.version).toBe(2);
    expectDeclared({ ...read, version: declared.version }, declared, TABLES);
    expect(new Set(declared.tasks.map((t) => t.id)).size).toBe(declared.tasks.length);
    for (const { itemsFile } of read.tasks) expect(itemsFile).not.toMatch(/\.\.\/|^\/|\\/);
  },
  place: PLACE,
};

it("800 damaged task sets are read as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(taskSets, 800, 700_000)));
});

const ITEMS: readonly (readonly [OutputType, readonly object[], version?: number])[] = [
  [
    "multiple_choice",
    [
      { context: "a ä", choices: [" b", " c", " d"], gold: 2 },
      { context: "", choices: ["x", "y"], gold: 0 },
    ],
  ],
  ["loglikelihood_rolling", [{ text: "some text\n" }, { text: "x" }]],
  [
    "generate_until",
    [
      { context: "q", target: "a", until: ["\n"], maxGenToks: 16 },
      { context: "r", target: "b", until: [], maxGenToks: 1 },
    ],
  ],
  [
    "loglikelihood",
    [
      { context: "q", continuation: " a" },
      { context: "", continuation: "b" },
    ],
    2,
  ],
  [
    "multiple_choice",
    [
      { context: "", contexts: ["a", "b"], choices: ["c", "c"], gold: [0, 1], plain: ["a", "b"] },
      { context: "q", choices: ["x", "y"], gold: 0, source: { doc: { a: 1, b: { c: [] } }, target: 0 } },
    ],
    2,
  ],
  [
    "generate_until",
    [
      { context: "q", target: "", targets: ["a", "b"], until: ["\n"], maxGenToks: 16, choices: ["a"] },
      {
        context: "r",
        target: "b",
        until: [],
        maxGenToks: 1,
        code: { prefix: "p", suffix: "s", timeLimit: 3 },
      },
    ],
    2,
  ],
];

it.each(ITEMS.map(([type, items, version = 1]) => [type, items, version] as const))(
  "500 damaged files of %s items are read as they stand, or refused",
  async (outputType, items, version) => {
    const format: BadFormat<Item[]> = {
      file: /^a\.json$/,
      mutate: (choice) => mutatedJsonFile([{ format: "demix-items", version, items }], choice, touch),
      // The checksum is right, as after a faulty build.
      read: async (bytes) =>
        parseItems(bytes, { ...task("a", outputType), itemsSha256: await sha256(bytes) }, "a.json"),
      compare: (read, bytes) => {
        const declared = referenceValue(bytes) as {
          items: { gold?: number | number[]; choices?: string[] }[];
        };
        expect(read).toHaveLength(2);
        expectDeclared(read, declared.items, TABLES);
        for (const { gold, choices } of declared.items)
          if (gold !== undefined && choices && outputType === "multiple_choice")
            for (const g of [gold].flat()) expect(g).toBeLessThan(choices.length);
      },
      place: PLACE,
    };
    await runMutations(format, 500, 710_000);
  },
);

const runs = {
  format: "demix-runs",
  version: 1,
  kind: "references",
  set: "abc",
  tasks: "def",
  blocks: [
    { task: "a", items: 2, width: 3, offset: 0 },
    { task: "b", items: 1, width: 2, offset: 6 },
  ],
  floats: 8,
  scoresFile: "runs.f32",
  scoresSha256: SUM,
  backend: "wasm",
  versions: { torch: "2" },
  made: "2026-01-01",
  rows: [
    { id: "base", subject: { kind: "base" } },
    {
      id: "r1",
      subject: { kind: "mixture", alpha: [0.25, 0.75] },
      split: "report",
      seed: 1,
      tokens: 1e6,
      fraction: 0.5,
    },
  ],
};
const scores = Uint8Array.from({ length: 64 }, (_, i) => i);

const runFiles: BadFormat<RunsFile> = {
  file: /^(set\/runs\.json|runs\.f32)$/,
  mutate: (choice) => mutatedJsonFile([runs], choice, touch),
  read: async (bytes) => {
    const read = await textOf("runs.json", bytes);
    if (!read.ok) return read;
    const header = parseRunsHeader(read.value.text, read.value.file, 2);
    return header.ok ? splitScores(header.value, scores, "runs.f32") : header;
  },
  compare: ({ header, scores: rows }, bytes) => {
    const declared = referenceValue(bytes) as typeof runs;
    expectDeclared(header, declared, ["versions"]);
    expect(rows).toHaveLength(declared.rows.length);
    const view = new DataView(scores.buffer);
    for (const [i, row] of rows.entries())
      expect([...row]).toEqual(
        Array.from({ length: declared.floats }, (_, k) =>
          view.getFloat32(4 * (i * declared.floats + k), true),
        ),
      );
    expect(declared.rows.length * declared.floats * 4).toBe(scores.length);
  },
  place: new RegExp(`${PLACE.source}|its block|floats|\\d+ bytes`),
};

it("800 damaged run files are read as they stand, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(runFiles, 800, 720_000)));
});
