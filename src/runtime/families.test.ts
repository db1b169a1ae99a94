import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { configDifference } from "../core/checkpoint/config-difference";
import { type Backend, openBackend } from "./backend";
import { checkFamily, type FamilyCase, familyModel } from "./family-check.fixture";
import { testPlatform } from "./test-platform.fixture";

const VALUES = new URL("../../reference/values/families.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(VALUES, "utf8")) as { cases: FamilyCase[] };
/** As a share of the largest logit. */
const BOUND = 1e-4;

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

describe("logits of transformers", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", async (_, family) => {
    const differences = await checkFamily(backend, family);
    expect(Object.keys(differences).length).toBeGreaterThanOrEqual(5);
    for (const [way, worst] of Object.entries(differences)) expect(worst, way).toBeLessThan(BOUND);
  });
});

describe("configs as transformers saves them", () => {
  it.each(cases.filter((c) => c.saved).map((c) => [c.name, c] as const))("%s", (_, { config, saved }) => {
    expect(configDifference(config, saved!)).toBeNull();
    const [own, theirs] = [familyModel(config), familyModel(saved!)];
    expect(theirs.weights).toEqual(own.weights);
    expect(theirs.windows).toEqual(own.windows);
    expect(theirs.rotary?.tables(20)).toEqual(own.rotary?.tables(20));
    expect(theirs.scoringGraph().bytes).toEqual(own.scoringGraph().bytes);
  });
});
