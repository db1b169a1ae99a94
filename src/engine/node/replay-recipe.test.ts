import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it, vi } from "vitest";
import { openCheckpoint } from "../../core/checkpoint/sharded";
import { recipeSchema } from "../../core/recipe/recipe-schema";
import { sentence } from "../../core/result";
import { importResults } from "../../core/results/import-results";
import { importedRow } from "../../core/results/imported-row";
import { prepareTasks } from "../../core/scoring/layout";
import { openTokenizer } from "../../core/scoring/tokenizer";
import { nodeFolder } from "./node-folder";
import { readTasks } from "./read-tasks";
import { replayRecipe } from "./replay-recipe";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const SET = join(REPOSITORY, "public/zoo/demo");
const home = mkdtempSync(join(tmpdir(), "demix-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const IDS = ["general", "code_high", "code_low", "math_high", "math_low"];
const SHARES = [0.2, 0.1, 0.1, 0.4, 0.2];
const recipe = recipeSchema.parse({
  format: "demix-recipe",
  version: 1,
  name: "Own tasks",
  note: "",
  set: { name: "Demo set", hash: "", beta: 0.5 },
  tasks: { name: "", hash: "" },
  components: IDS.map((id, i) => ({ id, label: id, alpha: SHARES[i], general: i === 0, source: `${id}/` })),
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
    writtenAt: "2026-01-02T03:04:05Z",
  },
  tolerance: { continuous: 0.0005, accuracy: 0.01 },
});

it("scores a recipe's mixture on lm-eval tasks; its files come back as the same measurement with its mixture", async () => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  const paths = ["choice.yaml", "words.yaml", "write.yaml"].map((n) =>
    join(REPOSITORY, "reference/results", n),
  );
  const tasks = await readTasks(paths, { data: [], limit: 2, shots: null, mode: "lm-eval" });
  if (!tasks.ok) throw new Error(sentence(tasks.problem));
  const options = { set: SET, out: home, mergekit: false, shardBytes: 5e9, limit: 2 };
  const done = await replayRecipe(recipe, options, tasks.value);
  if (!done.ok) throw new Error(sentence(done.problem));
  const folder = join(home, "Own tasks");
  const files = readdirSync(folder).map((name) => ({
    path: `Own tasks/${name}`,
    text: readFileSync(join(folder, name), "utf8"),
  }));
  expect(files).toHaveLength(4);
  const { scores, problems } = importResults(files);
  expect(problems).toEqual([]);
  const [imported] = scores;
  expect(imported).toMatchObject({ tool: "workbench", name: "Own tasks" });
  expect(imported!.alpha).toEqual(Object.fromEntries(IDS.map((id, i) => [id, SHARES[i]])));

  const base = await openCheckpoint(nodeFolder(join(SET, "base")));
  if (!base.ok) throw new Error(sentence(base.problem));
  const tokenizer = openTokenizer({ ...base.value, tokenizer: base.value.tokenizer! });
  if (!tokenizer.ok) throw new Error(sentence(tokenizer.problem));
  const { spec, items } = tasks.value.bundle;
  const prepared = await prepareTasks(spec, items, tokenizer.value, 256);
  if (!prepared.ok) throw new Error(sentence(prepared.problem));
  const { layout } = prepared.value;
  const written = new Float32Array(Uint8Array.from(readFileSync(join(home, "scores.f32"))).buffer);
  const row = importedRow(layout, items, imported!);
  expect(row.matched).toEqual([2, 2, 2]);
  const { offset, width } = layout.tasks[2]!.block;
  // Σ log p of a generation's target stands in no samples file.
  for (const [i, value] of written.entries())
    if (i >= offset && (i - offset) % width === width - 1) expect(row.scores[i]).toBeNaN();
    else expect(row.scores[i]).toBe(value);
}, 120_000);
