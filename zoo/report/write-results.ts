import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { trainTokensOf } from "../../src/core/checkpoint/component-set";
import { uniform, vertex } from "../../src/core/mixture/mixture";
import { averageRanks } from "../../src/core/rank/average-rank";
import { type Consistency, consistency } from "../../src/core/rank/consistency";
import { spearman } from "../../src/core/rank/spearman";
import { subjectText } from "../../src/core/scoring/address";
import type { Estimate, TrainedRun } from "../../src/core/scoring/measurement";
import { formatMetric, metricEstimate } from "../../src/core/scoring/metrics";
import { trainedRuns } from "../../src/core/scoring/runs-file";
import { scoreTable } from "../../src/core/scoring/score-table";
import type { MetricId, ScoreView } from "../../src/core/scoring/task";
import { seededRandom } from "../../src/core/seeded-random";
import { readDemo } from "./read-demo";

/** Writes zoo/RESULTS.md from the committed scores: every figure in it is computed here. */
const { spec, layout, design, references } = readDemo();
const merged = new Map(design.header.rows.map((row, i) => [subjectText(row.subject), design.scores[i]!]));
const runs = trainedRuns(references);
const k = spec.components.length;
const componentTokens = trainTokensOf(spec.components) ?? Number.NaN;
const proxyOf = (run: TrainedRun) => merged.get(subjectText({ kind: "mixture", alpha: run.alpha }));

const number = (x: number, digits = 2) => (Number.isFinite(x) ? x.toFixed(digits) : "undefined");
const withInterval = (e: Estimate, digits = 2) =>
  `${number(e.value, digits)} [${number(e.low, digits)}, ${number(e.high, digits)}]`;
const million = (tokens: number) => `${(tokens / 1e6).toFixed(1)} M`;
const lines: string[] = [];
const table = (head: readonly string[], rows: readonly (readonly string[])[]) => {
  lines.push(`| ${head.join(" | ")} |`, `|${head.map(() => " --- ").join("|")}|`);
  for (const row of rows) lines.push(`| ${row.join(" | ")} |`);
  lines.push("");
};

/** Spearman's ρ of the macro score with an interval from resampling mixtures: what another draw of mixtures would give. */
function overMixtures(
  proxies: readonly Float32Array[],
  refs: readonly Float32Array[],
  view: ScoreView,
): Estimate {
  const domains = layout.domains.map((d) => `domain:${d.id}`);
  const tables = [...proxies, ...refs].map((s) => scoreTable(layout, s, view));
  const n = refs.length;
  const random = seededRandom(1);
  const rho = (pick: readonly number[]) => {
    const values = domains.map((d) =>
      spearman(
        pick.map((i) => tables[i]![d]!.value),
        pick.map((i) => tables[n + i]![d]!.value),
      ),
    );
    return values.reduce((s, v) => s + (Number.isNaN(v) ? 0 : v), 0) / values.length;
  };
  const all = Array.from({ length: n }, (_, i) => i);
  const draws = Array.from({ length: 1000 }, () => rho(all.map(() => Math.floor(random() * n)))).sort(
    (a, b) => a - b,
  );
  return { value: rho(all), low: draws[25]!, high: draws[974]!, n };
}

interface Approach {
  readonly name: string;
  readonly tokens: number;
  readonly proxies: Float32Array[];
  readonly refs: Float32Array[];
}

function approaches(split: TrainedRun["split"]): Approach[] {
  const finals = runs.filter((r) => r.split === split && r.fraction === 1);
  const pairs = finals.flatMap((r) => {
    const proxy = proxyOf(r);
    return proxy ? [{ proxy, ref: r.scores }] : [];
  });
  const list: Approach[] = [
    {
      name: "merged",
      tokens: componentTokens,
      proxies: pairs.map((p) => p.proxy),
      refs: pairs.map((p) => p.ref),
    },
  ];
  const fractions = [...new Set(runs.map((r) => r.fraction))].filter((f) => f < 1).sort((a, b) => a - b);
  for (const fraction of fractions) {
    const early = finals.flatMap((r) => {
      const proxy = runs.find((x) => x.id === r.id && x.fraction === fraction);
      return proxy ? [{ proxy, ref: r.scores }] : [];
    });
    if (early.length === 0) continue;
    list.push({
      name: `trained, 1/${Math.round(1 / fraction)} of the budget`,
      tokens: early.reduce((n, p) => n + p.proxy.tokens, 0),
      proxies: early.map((p) => p.proxy.scores),
      refs: early.map((p) => p.ref),
    });
  }
  return list;
}

function consistencyTable(split: TrainedRun["split"], view: ScoreView, bootstrap: number): void {
  const rows = approaches(split).map((a) => ({
    a,
    c: consistency(layout, a.proxies, a.refs, view, { bootstrap, seed: 1 }),
  }));
  const n = rows[0]?.c.mixtures ?? 0;
  if (n < 4) return;
  lines.push(`n = ${n} mixtures; the null spread of ρ at this n is ${number(1 / Math.sqrt(n - 1))}.`, "");
  const cell = (c: Consistency, i: number, of: "rho" | "top25" | "recovery") => withInterval(c.rows[i]![of]);
  table(
    [
      "proxies",
      "tokens in all",
      "macro ρ",
      "macro ρ, over mixtures",
      ...layout.domains.map((d) => `ρ ${d.label}`),
      "top-25 % ρ",
      "recovery",
    ],
    rows.map(({ a, c }) => [
      a.name,
      million(a.tokens),
      cell(c, 0, "rho"),
      withInterval(overMixtures(a.proxies, a.refs, view)),
      ...layout.domains.map((_, i) => cell(c, i + 1, "rho")),
      `${cell(c, 0, "top25")} (k = ${c.rows[0]!.top25.n})`,
      cell(c, 0, "recovery"),
    ]),
  );
}

lines.push("# What the demo component set shows", "");
lines.push(
  "Made by `npx tsx zoo/report/write-results.ts` from `public/zoo/demo/`; all scores are the workbench's own engine's.",
  "Intervals are 95 %: in brackets from a paired bootstrap over benchmark items (the same resampled items for proxies and",
  "references), and, where the column says so, from a bootstrap over mixtures, which is the wider and more cautious one.",
  "",
);

lines.push("## Scores of the base and the components", "");
const metrics = layout.tasks.flatMap(({ spec: t }): (readonly [string, MetricId])[] =>
  t.outputType === "loglikelihood_rolling"
    ? [[t.id, "bits_per_byte"] as const, [t.id, "token_acc"] as const]
    : t.outputType === "multiple_choice"
      ? [[t.id, "acc"] as const, [t.id, "gold_prob"] as const, [t.id, "gold_margin"] as const]
      : [[t.id, "exact_match"] as const, [t.id, "target_prob"] as const],
);
const subjects = [
  { label: "base", scores: merged.get(subjectText({ kind: "base" })) },
  ...spec.components.map((c, i) => ({
    label: c.id,
    scores: merged.get(subjectText({ kind: "mixture", alpha: vertex(i, k) })),
  })),
  { label: "uniform merge", scores: merged.get(subjectText({ kind: "mixture", alpha: uniform(k) })) },
];
table(
  ["benchmark", "metric", ...subjects.map((s) => s.label)],
  metrics.map(([id, metric]) => {
    const task = layout.tasks.find((t) => t.spec.id === id)!;
    return [
      id,
      metric,
      ...subjects.map((s) =>
        s.scores ? formatMetric(metric, metricEstimate(metric, task, s.scores).value) : "–",
      ),
    ];
  }),
);

const claim = approaches("report");
const macroOf = (a: Approach) => overMixtures(a.proxies, a.refs, "continuous");
const mergedRho = macroOf(claim[0]!);
const equal = claim.slice(1).findLast((a) => a.tokens <= componentTokens);
const better = claim.slice(1).find((a) => macroOf(a).value >= mergedRho.value);
lines.push("## In short", "");
lines.push(
  `Merged proxies rank the ${mergedRho.n} references with macro ρ ${withInterval(mergedRho)} (interval over mixtures) for ${million(componentTokens)}`,
  `training tokens in all, whatever the number of proxies. The aim was ρ ≥ 0.8: ${mergedRho.value >= 0.8 ? "reached" : "not reached"}.`,
  ...(equal
    ? [`Trained proxies at ${million(equal.tokens)} (${equal.name}) reach ${withInterval(macroOf(equal))};`]
    : []),
  better
    ? `they catch up at ${million(better.tokens)} (${better.name}): ${withInterval(macroOf(better))}.`
    : "none of the trained budgets catches up.",
  "Trained proxies are early checkpoints of the references' own runs (same data order, learning rate not yet decayed), so they",
  "share the references' noise but are not annealed.",
  "",
);

for (const view of ["continuous", "accuracy"] as const) {
  lines.push(`## Do proxies rank like references? (${view} scores, report split)`, "");
  consistencyTable("report", view, 1000);
}
lines.push("## The same on the tuning split (used to choose tasks and settings, not for the claim)", "");
consistencyTable("tune", "continuous", 300);

lines.push("## Average rank among the references", "");
const finals = runs.filter((r) => r.split === "report" && r.fraction === 1);
lines.push(
  `Mean over domains of the rank among the ${finals.length} references, 1 is best (continuous scores). A merged proxy's score is placed`,
  "among the references' scores, so a recovery other than 1 shifts it.",
  "",
);
const placed = [
  { label: "uniform merge", scores: subjects.at(-1)?.scores },
  ...spec.components.map((c, i) => ({
    label: `${c.id} alone`,
    scores: merged.get(subjectText({ kind: "mixture", alpha: vertex(i, k) })),
  })),
].filter((s): s is { label: string; scores: Float32Array } => s.scores !== undefined);
const ranks = averageRanks(
  layout,
  finals.map((r) => r.scores),
  placed.map((p) => p.scores),
  "continuous",
  { bootstrap: 500, seed: 1 },
);
table(
  ["mixture", "average rank"],
  placed.map((p, i) => [p.label, withInterval(ranks[i]!.average, 1)]),
);

lines.push("## How the scores were made", "");
lines.push(
  `References: ${references.header.backend}, ${Object.entries(references.header.versions)
    .map(([a, b]) => `${a} ${b}`)
    .join(", ")}. ` +
    `Merged proxies: ${design.header.backend}. Set \`${references.header.set.slice(0, 12)}\`, tasks \`${references.header.tasks.slice(0, 12)}\`.`,
  "",
);
const out = join(dirname(fileURLToPath(import.meta.url)), "../RESULTS.md");
writeFileSync(out, lines.join("\n"));
console.log(lines.join("\n"));
