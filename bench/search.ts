import { suppliesOf } from "../src/core/checkpoint/component-set";
import { fitSurface } from "../src/core/predict/gaussian-process";
import type { FitRow } from "../src/core/predict/surface";
import { domainTargets } from "../src/core/scoring/score-table";
import { PAPER_SEARCH, type SearchConfig } from "../src/core/search/demix-search";
import { driveSearch } from "../src/core/search/drive-search";
import { recommend } from "../src/core/search/recommend";
import { openNodeSet } from "../src/engine/node/open-node-set";
import { exactScores, must } from "./demo-files";
import { type BenchOptions, plain } from "./figure";

const SAY_EVERY = 8;

/** The paper's search with the engine in this thread: nothing journalled, nothing known before. */
export async function benchSearch({ set, rounds, report, say }: BenchOptions): Promise<void> {
  const { engine, opened } = must(await openNodeSet(set, { backend: "wasm-threads", threads: 2 }));
  const { components } = opened.set.spec;
  const config: SearchConfig = {
    ...PAPER_SEARCH,
    rounds,
    seed: 1,
    components: components.length,
    prior: suppliesOf(components) ?? components.map(() => 1),
    targets: domainTargets(opened.tasks),
  };
  const known = new Map<string, FitRow["values"]>();
  const spent = { scoring: 0, fit: 0, candidates: 0 };
  const timed = async <T>(what: keyof typeof spent, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const value = await work();
    spent[what] += (performance.now() - start) / 1000;
    return value;
  };
  const total = rounds.reduce((a, b) => a + b, 0);
  const start = performance.now();
  const outcome = await driveSearch(new AbortController().signal, config, {
    measured: (alpha) => known.get(alpha.join()),
    measure: (signal, alpha) =>
      timed("scoring", async () => {
        const subject = { kind: "mixture" as const, alpha };
        const scored = await engine.measure(signal, { subject }, () => undefined);
        if (scored.ok) known.set(alpha.join(), exactScores(opened.tasks, scored.value.scores));
        if (known.size % SAY_EVERY === 0 || known.size === 1)
          say(`${known.size} of ${total + 1} after ${plain((performance.now() - start) / 1000)} s`);
        return scored;
      }),
    fit: (_signal, rows, targets, seed) => timed("fit", () => fitSurface(rows, targets, seed)),
    recommend: (_signal, request) => timed("candidates", () => recommend(request)),
  });
  const seconds = (performance.now() - start) / 1000;
  engine.close();
  const { recommended } = must(outcome);
  say(`recommended ${components.map((c, i) => `${c.id} ${recommended[i]}`).join(", ")}`);
  const note = "the recommended mixture measured as well";
  report({ name: `search/${total} proxies (${rounds.join(" + ")})`, value: seconds, unit: "s", note });
  report({
    name: "search/each proxy",
    value: spent.scoring / (total + 1),
    unit: "s",
    note: "merge and scoring",
  });
  report({ name: "search/outside scoring", value: (1 - spent.scoring / seconds) * 100, unit: "%" });
  report({ name: "search/fits", value: spent.fit, unit: "s" });
  report({ name: "search/candidates", value: spent.candidates, unit: "s" });
}
