import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { DecoderModel } from "../core/decoder/decoder-model";
import { decoderOf } from "../core/decoder/families";
import { referenceWeights } from "../core/decoder/reference-weights.fixture";
import { type Backend, openBackend } from "./backend";
import { FamilyRuns } from "./family-runs.fixture";
import { testPlatform } from "./test-platform.fixture";

/** What reference/families.py writes. */
interface Case {
  readonly name: string;
  readonly seed: number;
  readonly config: Record<string, unknown>;
  readonly saved?: Record<string, unknown>;
  readonly rows: readonly {
    readonly tokens: number[];
    readonly at: number[];
    readonly largest: number;
    readonly logits: string;
    readonly logProb: string;
    readonly gap: string;
  }[];
}

const VALUES = new URL("../../reference/values/families.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(VALUES, "utf8")) as { cases: Case[] };
/** Of the largest logit. */
const BOUND = 1e-4;

const floats = (base64: string): Float32Array => {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
};

function modelOf(config: object): DecoderModel {
  const model = decoderOf(config, "config.json");
  if (!model.ok) throw new Error(model.problem.message);
  return model.value;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst;
}

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

describe("logits of transformers", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", async (_, { config, seed, rows }) => {
    const model = modelOf(config);
    const runs = new FamilyRuns(backend, model, referenceWeights(model.weights, seed));
    for (const row of rows) {
      const { tokens, at, largest } = row;
      const near = (a: ArrayLike<number>, b: ArrayLike<number>, what: string) =>
        expect(largestDifference(a, b) / largest, `${what} of ${tokens.length} tokens`).toBeLessThan(BOUND);
      const wanted = floats(row.logits);
      const logits = await runs.logits(tokens);
      const v = model.vocabulary;
      near(
        at.flatMap((p) => [...logits.subarray(p * v, (p + 1) * v)]),
        wanted,
        "logits",
      );
      if (tokens.length < 2) continue;
      const [logProb, gap] = [floats(row.logProb), floats(row.gap)];
      const whole = await runs.score(tokens);
      near(whole.logProb, logProb, "log p");
      near(whole.gap, gap, "gaps");
      const layered = await runs.layered(tokens);
      near(layered.logProb, logProb, "log p layer by layer");
      near(layered.gap, gap, "gaps layer by layer");
      // Where angles depend on the length, a cache holds those of its own time.
      if (tokens.length < 13 || model.rotary?.perLength) continue;
      near(await runs.steps(tokens, 3), wanted.subarray(-v), "logits step by step");
      const behind = await runs.behind(tokens, 8);
      near(behind.logProb, logProb.subarray(8), "log p behind a shared prefix");
      near(behind.gap, gap.subarray(8), "gaps behind a shared prefix");
    }
    await runs.close();
  });
});

describe("configs as transformers saves them", () => {
  it.each(cases.filter((c) => c.saved).map((c) => [c.name, c] as const))("%s", (_, { config, saved }) => {
    const [own, theirs] = [modelOf(config), modelOf(saved!)];
    expect(theirs.weights).toEqual(own.weights);
    expect(theirs.windows).toEqual(own.windows);
    expect(theirs.rotary?.tables(20)).toEqual(own.rotary?.tables(20));
    expect(theirs.scoringGraph().bytes).toEqual(own.scoringGraph().bytes);
  });
});
