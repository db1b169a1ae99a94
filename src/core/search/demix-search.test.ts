import { describe, expect, it } from "vitest";
import { isMixture, type Mixture } from "../mixture/mixture";
import { fitSurface } from "../predict/gaussian-process";
import type { FitRow } from "../predict/surface";
import { ok } from "../result";
import {
  type Measured,
  nextStep,
  PAPER_SEARCH,
  plannedProxies,
  type SearchConfig,
  startSearch,
} from "./demix-search";
import { totalVariation } from "./diverse";
import { driveSearch, type SearchTools } from "./drive-search";
import { recommend } from "./recommend";

const config: SearchConfig = {
  ...PAPER_SEARCH,
  seed: 11,
  components: 3,
  prior: [1, 1, 1],
  rounds: [16, 8, 4],
  candidates: 4000,
  top: 32,
  pool: 200,
  targets: ["domain:a", "domain:b"],
};

/** Both domains are best near α = (.6, .3, .1). */
const scores = (alpha: Mixture): FitRow["values"] => ({
  "domain:a": { value: 1 - (alpha[0]! - 0.6) ** 2 - (alpha[2]! - 0.1) ** 2, se: 0 },
  "domain:b": { value: 0.5 - 2 * (alpha[1]! - 0.3) ** 2 - (alpha[0]! - 0.6) ** 2, se: 0 },
});

/** A journal in memory; `limit` measurements, then an abort. */
function tools(journal: Map<string, Mixture>, limit = Number.POSITIVE_INFINITY) {
  const abort = new AbortController();
  let measurements = 0;
  const measured: Measured = (alpha) => (journal.has(String(alpha)) ? scores(alpha) : undefined);
  const rounds: number[] = [];
  const made: SearchTools = {
    measured,
    measure: async (_, alpha) => {
      journal.set(String(alpha), alpha);
      if (++measurements >= limit) abort.abort();
      return ok(null);
    },
    fit: async (_, rows, targets, seed) => fitSurface(rows, targets, seed),
    recommend: async (_, request) => recommend(request),
    onStep: (_, step) => {
      if (step.kind === "fit") rounds.push(step.rows.length);
    },
  };
  return { tools: made, signal: abort.signal, rounds, count: () => measurements };
}

describe("driveSearch", () => {
  it("runs three rounds, recommends near the best mixture and measures it", async () => {
    const journal = new Map<string, Mixture>();
    const run = tools(journal);
    const result = await driveSearch(run.signal, config, run.tools);
    if (!result.ok) throw new Error(result.problem.message);
    expect(run.rounds).toEqual([16, 24, 28]);
    expect(run.count()).toBe(plannedProxies(config) + 1);
    expect(isMixture(result.value.recommended, 3)).toBe(true);
    expect(totalVariation(result.value.recommended, [0.6, 0.3, 0.1])).toBeLessThan(0.05);
    const rest = [...journal.values()];
    const last = rest.slice(24, 28);
    for (const alpha of last) expect(totalVariation(alpha, [0.6, 0.3, 0.1])).toBeLessThan(0.2);
    expect(new Set(rest.map(String)).size).toBe(rest.length);
  });

  it("goes on where it was stopped and ends the same", async () => {
    const whole = new Map<string, Mixture>();
    const straight = tools(whole);
    const expected = await driveSearch(straight.signal, config, straight.tools);
    for (const limit of [1, 16, 20, 26, 28]) {
      const journal = new Map<string, Mixture>();
      const first = tools(journal, limit);
      expect(await driveSearch(first.signal, config, first.tools)).toMatchObject({
        ok: false,
        problem: { kind: "cancelled" },
      });
      const second = tools(journal);
      expect(await driveSearch(second.signal, config, second.tools)).toEqual(expected);
      expect([...journal.keys()]).toEqual([...whole.keys()]);
      expect(second.count()).toBe(whole.size - limit);
    }
  });

  it("does not depend on what else is in the journal", async () => {
    const journal = new Map<string, Mixture>([["0.2,0.3,0.5", [0.2, 0.3, 0.5]]]);
    const run = tools(journal);
    const expected = tools(new Map());
    expect(await driveSearch(run.signal, config, run.tools)).toEqual(
      await driveSearch(expected.signal, config, expected.tools),
    );
  });

  it("stops with the reason when every proxy scores the same", async () => {
    const run = tools(new Map());
    const flat = () => ({ "domain:a": { value: 1, se: 0 }, "domain:b": { value: 1, se: 0 } });
    const measuredFlat: Measured = (alpha) => (run.tools.measured(alpha) ? flat() : undefined);
    const result = await driveSearch(run.signal, config, { ...run.tools, measured: measuredFlat });
    expect(result).toMatchObject({ ok: false, problem: { kind: "not-enough-data" } });
  });
});

describe("nextStep", () => {
  it("asks for the whole first round in a fixed order", () => {
    const step = nextStep(startSearch(config), () => undefined);
    expect(step).toMatchObject({ kind: "measure", round: 0, done: 0, total: 16 });
    expect(nextStep(startSearch(config), () => undefined)).toEqual(step);
    const other = nextStep(startSearch({ ...config, seed: 12 }), () => undefined);
    expect(other).not.toEqual(step);
  });
});
