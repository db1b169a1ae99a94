import { suppliesOf } from "../src/core/checkpoint/component-set";
import { sampleMixtures } from "../src/core/mixture/sampler";
import { fitSurface, predictMany } from "../src/core/predict/gaussian-process";
import { domainTargets, MACRO, targetsOf } from "../src/core/scoring/score-table";
import { PAPER_SEARCH } from "../src/core/search/demix-search";
import { recommend } from "../src/core/search/recommend";
import { designRows, must, readLayout, readSetSpec } from "./demo-files";
import { type BenchOptions, fastest, plain } from "./figure";

const ROWS = 60;
const POINTS = 1500;

/** Gaussian processes on the shipped design: fit, the triangle's points, a search's candidates. */
export async function benchPredictor({ set, repeat, report, say }: BenchOptions): Promise<void> {
  const layout = readLayout(set);
  const spec = readSetSpec(set);
  const rows = designRows(set, layout).slice(0, ROWS);
  const k = spec.components.length;
  const targets = targetsOf(layout).map((t) => t.id);
  say(`${rows.length} rows, ${k} components, ${targets.length} targets`);
  if (rows.length < ROWS) say(`the design has only ${rows.length} mixtures: times are for those`);

  const fit = await fastest(repeat, () => must(fitSurface(rows, targets, 1)));
  report({ name: `gp/fit ${targets.length} targets, ${rows.length} rows`, value: fit * 1000, unit: "ms" });
  const first = await fastest(repeat, () => must(fitSurface(rows, [MACRO], 1)));
  report({ name: `gp/fit the target on show, ${rows.length} rows`, value: first * 1000, unit: "ms" });

  const surface = must(fitSurface(rows, targets, 1));
  const model = surface.models[MACRO]!;
  const points = Float64Array.from(
    sampleMixtures({ components: k, count: POINTS, seed: 7, kind: "uniform" }).flat(),
    Math.sqrt,
  );
  const mean = await fastest(10 * repeat, () => predictMany(model, points, k));
  report({ name: `gp/predict ${points.length / k} points`, value: mean * 1000, unit: "ms" });
  const withSd = await fastest(3 * repeat, () => predictMany(model, points, k, true));
  report({ name: `gp/predict ${points.length / k} points with sd`, value: withSd * 1000, unit: "ms" });

  const request = {
    surface,
    targets: domainTargets(layout),
    components: k,
    prior: suppliesOf(spec.components) ?? spec.components.map(() => 1),
    kind: PAPER_SEARCH.kind,
    candidates: PAPER_SEARCH.candidates,
    keep: PAPER_SEARCH.pool,
    average: PAPER_SEARCH.top,
    seed: 1,
  };
  const seconds = await fastest(repeat, () => must(recommend(request)));
  report({
    name: `gp/${plain(request.candidates)} candidates × ${request.targets.length} targets`,
    value: seconds,
    unit: "s",
    note: "drawn, predicted, ranked, the best ones averaged",
  });
}
