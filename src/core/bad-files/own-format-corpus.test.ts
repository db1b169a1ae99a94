import lz from "lz-string";
import { expect, it } from "vitest";
import { parseRecipe } from "../recipe/parse-recipe";
import { readLinkHash } from "../recipe/share-link";
import type { Result } from "../result";
import { parseRunsHeader, splitScores } from "../scoring/runs-file";
import { parseTaskSet } from "../scoring/task-files";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

async function expectRefused(read: () => Result<unknown>, file: RegExp, place: RegExp): Promise<void> {
  const { value, ms } = await timed(read);
  if (value.ok) throw new Error("it was accepted");
  expect(refusalFault(value.problem, file, place)).toBeNull();
  expect(ms).toBeLessThan(1000);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

const sum = "0".repeat(64);

const component = { id: "a", label: "A", alpha: 1, general: false, source: "a/" };
const recipe = {
  format: "demix-recipe",
  version: 1,
  name: "",
  note: "",
  set: { name: "s", hash: "h", beta: 0.5 },
  tasks: { name: "t", hash: "h" },
  components: [component],
  effectiveShares: [],
  method: { name: "linear", parameters: {} },
  scores: null,
  provenance: {
    backend: null,
    origin: null,
    versions: {},
    seed: null,
    items: null,
    measuredAt: null,
    writtenAt: "",
  },
  tolerance: { continuous: 0, accuracy: 0 },
};
const parts = (count: number, alpha: number) =>
  Array.from({ length: count }, (_, i) => ({ ...component, id: `${i}`, alpha }));

it("reads the recipe that the following ones are made of", () => {
  expect(parseRecipe(JSON.stringify(recipe), "r.json")).toEqual({ ok: true, value: recipe });
});

it.each<readonly [string, unknown, RegExp]>([
  [
    "a thousand and one components",
    { ...recipe, components: parts(1001, 0.001) },
    /"components" must be at most 1000 long/,
  ],
  [
    "twenty thousand components",
    { ...recipe, components: parts(20_000, 0) },
    /"components" must be at most 1000 long/,
  ],
  [
    "a million components",
    { ...recipe, components: parts(1_000_000, 0) },
    /more than 250000 values \(line 1, column \d+, in "components"\)/,
  ],
  ["shares that sum to 2", { ...recipe, components: parts(2, 1) }, /sum to 2/],
  ["a share of −1", { ...recipe, components: [{ ...component, alpha: -1 }] }, /components\[0\]\.alpha/],
  ["a share off the grid", { ...recipe, components: [{ ...component, alpha: 0.99994 }] }, /mixture weights/],
  [
    "a component twice",
    {
      ...recipe,
      components: [
        { ...component, alpha: 0.5 },
        { ...component, alpha: 0.5 },
      ],
    },
    /"a" stands twice/,
  ],
  [
    "a parameter that is null",
    { ...recipe, method: { name: "ties", parameters: { density: null } } },
    /method\.parameters\.density/,
  ],
  ["a fractional seed", { ...recipe, provenance: { ...recipe.provenance, seed: 0.5 } }, /provenance\.seed/],
  ["a seed of 2^53", { ...recipe, provenance: { ...recipe.provenance, seed: 2 ** 53 } }, /provenance\.seed/],
  ["a note of a million characters", { ...recipe, note: "n".repeat(1_000_000) }, /"note"/],
])("no recipe has %s", async (_, value, place) => {
  const text = JSON.stringify(value);
  await expectRefused(() => parseRecipe(text, "r.json"), /^r\.json$/, place);
});

const runs = {
  format: "demix-runs",
  version: 1,
  kind: "design",
  set: "s",
  tasks: "t",
  blocks: [{ task: "a", items: 1, width: 1, offset: 0 }],
  floats: 1,
  scoresFile: "s.f32",
  scoresSha256: sum,
  backend: "wasm",
  versions: {},
  made: "",
  rows: [
    { id: "base", subject: { kind: "base" } },
    { id: "r", subject: { kind: "mixture", alpha: [0.5, 0.5] } },
  ],
};
const block = (items: number, width: number, offset = 0) => ({ task: "a", items, width, offset });

it.each<readonly [string, unknown, RegExp]>([
  ["half a float a row", { ...runs, floats: 0.5, blocks: [block(1, 0.5)] }, /"(floats|blocks\[0\]\.width)"/],
  ["negative sizes that cancel out", { ...runs, blocks: [block(-1, -1)] }, /blocks\[0\]\.items/],
  [
    "blocks that overlap",
    { ...runs, floats: 2, blocks: [block(1, 1), block(1, 1)] },
    /block "a" begins at float 0/,
  ],
  [
    "blocks with a hole",
    { ...runs, floats: 2, blocks: [block(1, 1), block(1, 1, 2)] },
    /block "a" begins at float 2/,
  ],
  ["2^60 floats", { ...runs, floats: 2 ** 60, blocks: [block(2 ** 30, 2 ** 30)] }, /"floats"/],
  [
    "a petabyte of scores",
    { ...runs, floats: 2 ** 48, blocks: [block(2 ** 24, 2 ** 24)] },
    /are needed for 2 rows/,
  ],
  ["scores out of the folder", { ...runs, scoresFile: "../s.f32" }, /"scoresFile"/],
  ["scores at an address", { ...runs, scoresFile: "https://host/s.f32" }, /"scoresFile"/],
  ["version 0", { ...runs, version: 0 }, /"version"/],
  [
    "a mixture off the simplex",
    { ...runs, rows: [{ id: "r", subject: { kind: "mixture", alpha: [2, -1] } }] },
    /rows\[0\]\.subject\.alpha/,
  ],
])("no run file has %s", async (_, value, place) => {
  const read = () => {
    const header = parseRunsHeader(JSON.stringify(value), "runs.json", 2);
    return header.ok ? splitScores(header.value, new Uint8Array(8), "s.f32") : header;
  };
  await expectRefused(read, /^(runs\.json|s\.f32)$/, place);
});

const task = {
  id: "a",
  label: "A",
  domain: "d",
  outputType: "multiple_choice",
  accuracyMetric: "acc",
  continuousMetric: "gold_prob",
  about: "",
  itemsFile: "items/a.json",
  itemsSha256: sum,
  items: 1,
};
const tasks = {
  format: "demix-tasks",
  version: 1,
  name: "T",
  domains: [{ id: "d", label: "D" }],
  tasks: [task],
};

it.each<readonly [string, unknown, RegExp]>([
  [
    "items out of the folder",
    { ...tasks, tasks: [{ ...task, itemsFile: "../../etc/passwd" }] },
    /tasks\[0\]\.itemsFile/,
  ],
  [
    "items at an address",
    { ...tasks, tasks: [{ ...task, itemsFile: "https://host/a" }] },
    /tasks\[0\]\.itemsFile/,
  ],
  ["a billion items", { ...tasks, tasks: [{ ...task, items: 1e9 }] }, /tasks\[0\]\.items/],
  ["half an item", { ...tasks, tasks: [{ ...task, items: 0.5 }] }, /tasks\[0\]\.items/],
  ["a task twice", { ...tasks, tasks: [task, task] }, /the id "a"/],
  [
    "an unknown domain",
    { ...tasks, tasks: [{ ...task, domain: "__proto__" }] },
    /unknown domain "__proto__"/,
  ],
  [
    "an unknown metric",
    { ...tasks, tasks: [{ ...task, accuracyMetric: "constructor" }] },
    /tasks\[0\]\.accuracyMetric/,
  ],
  [
    "a thousand and one tasks",
    { ...tasks, tasks: Array.from({ length: 1001 }, (_, i) => ({ ...task, id: `${i}` })) },
    /"tasks" must be at most 1000 long/,
  ],
])("no task set has %s", async (_, value, place) => {
  await expectRefused(() => parseTaskSet(JSON.stringify(value), "tasks.json"), /^tasks\.json$/, place);
});

it("does not unpack a link that stands for millions of characters", async () => {
  const bomb = `#s=${lz.compressToEncodedURIComponent("[".repeat(400_000))}`;
  expect(bomb.length).toBeLessThan(20_000);
  const { value: read, ms } = await timed(() => readLinkHash(bomb));
  expect(!read.ok && read.problem.message).toMatch(/longer than any/);
  expect(ms).toBeLessThan(1000);
});
