import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { seededWeights } from "../core/decoder/seeded-weights";
import { sentence } from "../core/result";
import { type Backend, openBackend } from "./backend";
import { EngineHost } from "./engine-host";
import { type FamilyCase, familyModel } from "./family-check.fixture";
import { FamilyRuns } from "./family-runs.fixture";
import { testPlatform } from "./test-platform.fixture";
import { TINY_VOCABULARY, tinySet } from "./tiny-set.fixture";

const VALUES = new URL("../../reference/values/families.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(VALUES, "utf8")) as { cases: FamilyCase[] };
const others = cases.filter(({ name, saved }) => saved && !name.startsWith("qwen3"));

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

it.each(others.map((c) => [c.name, c] as const))(
  "a set of %s is opened, merged and scored",
  async (_, { config }) => {
    const fields = { ...config, vocab_size: TINY_VOCABULARY };
    const host = new EngineHost(testPlatform(await tinySet(2, fields)));
    await host.start({ backend: "wasm" });
    const opened = await host.openSet("mem/");
    if (!opened.ok) throw new Error(sentence(opened.problem));
    expect(opened.value.unscored).toBeNull();
    // At a vertex of the simplex the merged model is the second component, whose weights are known here.
    const measured = await host.measure({ subject: { kind: "mixture", alpha: [0, 1] } });
    if (!measured.ok) throw new Error(sentence(measured.problem));
    expect(measured.value.complete).toBe(true);
    const model = familyModel(fields);
    const runs = new FamilyRuns(backend, model, seededWeights(model.weights, 102, 0.35));
    const { block } = opened.value.tasks!.tasks[0]!;
    for (let item = 0; item < block.items; item++) {
      const preview = await host.previewItem(0, item);
      if (!preview.ok) throw new Error(sentence(preview.problem));
      let sum = 0;
      for (const { tokens, from } of preview.value.sequences) {
        const { logProb } = await runs.score(tokens.map((token) => token.id));
        sum += logProb.slice(from - 1).reduce((a, b) => a + b, 0);
      }
      expect(measured.value.scores[block.offset + item * block.width]).toBeCloseTo(sum, 3);
    }
    await runs.close();
    await host.close();
  },
);
