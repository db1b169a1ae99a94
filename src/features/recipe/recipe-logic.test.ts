import { expect, test } from "vitest";
import type { ComponentHealth, ComponentMember } from "../../core/checkpoint/component-set";
import { buildRecipe, recipeText } from "../../core/recipe/recipe";
import type { Measurement } from "../../core/scoring/measurement";
import type { TaskSetLayout } from "../../core/scoring/task";
import type { LoadedSet } from "../../state/workbench-store";
import { fileStem } from "./hand-over";
import { measurementLine } from "./measurement-lines";
import { readRecipe } from "./open-recipe";
import { trustNotes } from "./warnings";

const member = (id: string, general: boolean, beta = 0.5): ComponentMember => ({
  id,
  label: id,
  source: `${id}/`,
  general,
  beta,
  trainedOn: "",
  trainTokens: 1,
  supplyTokens: 1,
});
const components = [member("general", true), member("code", false)];
const health = (delta: number): ComponentHealth[] =>
  components.map(({ id }) => ({ id, delta, groups: [], cosines: [], signAgreement: [] }));
const difference = (value: number, half: number) => ({
  against: "the base",
  target: "Macro average",
  difference: { value, low: value - half, high: value + half, n: 100 },
});
const fine = {
  alpha: [0.5, 0.5],
  spec: { beta: 0.5, components },
  health: health(0.03),
  measured: true,
  differences: [difference(0.02, 0.01)],
};

test("nothing to object gives one good note with the numbers", () => {
  const [note, ...rest] = trustNotes(fine);
  expect(rest).toEqual([]);
  expect(note).toMatchObject({ level: "good" });
  expect(note!.text).toContain("3.0 %");
});

test("each reason for doubt stands with its number", () => {
  expect(trustNotes({ ...fine, health: health(0.104) })[0]).toMatchObject({
    level: "bad",
    title: "δ of general is 10.4 %",
  });
  expect(trustNotes({ ...fine, health: health(0.07) })[0]!.level).toBe("caution");
  expect(trustNotes({ ...fine, alpha: [1, 0], health: health(0.104) })).toHaveLength(1);
  const low = { beta: 0.25, components: [components[0]!, member("code", false, 0.25)] };
  expect(trustNotes({ ...fine, spec: low })[0]!.title).toBe("β of code is 0.25");
  expect(trustNotes({ ...fine, alpha: [0.1, 0.9] })[0]!.title).toBe("code holds 90.0 % of the weight");
  expect(trustNotes({ ...fine, measured: false, differences: [] })[0]!.id).toBe("predicted");
  expect(trustNotes({ ...fine, differences: [difference(0.001, 0.002)] })[0]!.title).toBe(
    "Macro average: tied with the base (+0.10 ±0.20)",
  );
});

const layout: TaskSetLayout = {
  hash: "tasks",
  name: "tasks",
  domains: [{ id: "d", label: "D" }],
  tasks: [
    {
      spec: {
        id: "t",
        accuracyMetric: "acc",
        continuousMetric: "gold_prob",
      } as TaskSetLayout["tasks"][0]["spec"],
      block: { task: "t", items: 1, width: 2, offset: 0 },
      facts: [],
    },
  ],
  floats: 2,
};
const set = {
  url: "",
  hash: "weights",
  layout,
  general: 0,
  spec: { name: "set", beta: 0.5, components },
} as unknown as LoadedSet;

test("an export line holds the key, the provenance and scores without NaN", () => {
  const m = {
    address: "a",
    key: { set: "weights", tasks: "tasks", subject: { kind: "mixture", alpha: [0.5, 0.5] } },
    done: 1,
    total: 1,
    at: "2026-01-01T00:00:00Z",
  } as unknown as Measurement;
  const line = measurementLine(m, layout, () => ({
    "task:t": { value: 0.5, low: Number.NaN, high: Number.NaN, n: 1 },
  }));
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({
    format: "demix-measurement",
    set: "weights",
    subject: { alpha: [0.5, 0.5] },
    scores: { continuous: { t: { metric: "gold_prob", value: 0.5, low: null } } },
  });
});

test("a recipe opens again; a foreign one is refused with its reason", async () => {
  const recipe = buildRecipe({
    name: "mine",
    note: "",
    set,
    tasks: layout,
    alpha: [0.25, 0.75],
    measurement: null,
    seed: null,
    writtenAt: "2026-01-01T00:00:00Z",
  });
  const file = (text: string, size = text.length) => ({ name: "r.json", size, text: async () => text });
  expect(await readRecipe(file(recipeText(recipe)), set)).toMatchObject({
    ok: true,
    value: { alpha: [0.25, 0.75] },
  });
  const refused = async (text: string, size?: number) => {
    const result = await readRecipe(file(text, size), set);
    return result.ok ? "opened" : result.problem.message;
  };
  expect(await refused("{")).toContain("not a JSON file");
  expect(await refused(recipeText({ ...recipe, set: { ...recipe.set, hash: "other" } }))).toContain(
    "other weights",
  );
  expect(await refused("{}", 5_000_000)).toContain("too large");
});

test("file names come from recipe names", () => {
  expect(fileStem("My Mixture #2 (best)")).toBe("my-mixture-2-best");
  expect(fileStem("   ")).toBe("recipe");
});
