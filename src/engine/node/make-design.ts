import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Mixture, uniform, vertex } from "../../core/mixture/mixture";
import { sampleMixtures } from "../../core/mixture/sampler";
import { fail, ok, type Result, sentence } from "../../core/result";
import { subjectText } from "../../core/scoring/address";
import type { Subject } from "../../core/scoring/measurement";
import { type NodeSetOptions, openNodeSet } from "./open-node-set";
import { RunsOutput, writeWhole } from "./runs-output";

const USAGE = `Measures a first design of mixtures with the engine, so that a page has a surface before it loads any weights.

  tsx src/engine/node/make-design.ts --set DIR [--alphas 40] [--seed 1] [--runs FILE] [--backend wasm|wasm-threads|native]

--runs also measures the mixtures of trained runs (zoo/runs.json), so that references have their merged proxies.
Writes DIR/design.json, DIR/design.f32 and DIR/layout.json. Rows that stand already are not measured again.`;

/** Base, vertices, centre, then Dirichlet draws around the centre: `count` mixtures beside the base. */
function subjects(
  components: readonly string[],
  count: number,
  seed: number,
): { id: string; subject: Subject }[] {
  const k = components.length;
  const named: [string, Mixture][] = components.map((id, i) => [id, vertex(i, k)]);
  named.push(["uniform", uniform(k)]);
  const drawn = sampleMixtures({
    components: k,
    count: Math.max(0, count - named.length),
    seed,
    kind: "release",
    exclude: named.map(([, alpha]) => alpha),
  });
  named.push(...drawn.map((alpha, i): [string, Mixture] => [`draw-${String(i).padStart(2, "0")}`, alpha]));
  return [
    { id: "base", subject: { kind: "base" } },
    ...named.map(([id, alpha]) => ({ id, subject: { kind: "mixture" as const, alpha } })),
  ];
}

/** The mixtures that runs were trained on, without those that the design already has. */
function trainedSubjects(
  path: string,
  design: readonly { subject: Subject }[],
): { id: string; subject: Subject }[] {
  const { runs } = JSON.parse(readFileSync(path, "utf8")) as {
    runs: { id: string; split: string; alpha: number[] }[];
  };
  const known = new Set(design.map((d) => subjectText(d.subject)));
  return runs
    .filter((run) => run.split === "report" || run.split === "tune")
    .map(({ id, alpha }) => ({ id: `proxy-${id}`, subject: { kind: "mixture" as const, alpha } }))
    .filter(({ subject }) => !known.has(subjectText(subject)));
}

async function main(): Promise<Result<string>> {
  const { values } = parseArgs({
    options: {
      set: { type: "string" },
      alphas: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      backend: { type: "string", default: "wasm" },
    },
  });
  if (!values.set) return fail("bad-recipe", USAGE);
  const backend = values.backend as NonNullable<NodeSetOptions["backend"]>;
  const set = await openNodeSet(values.set, { backend });
  if (!set.ok) return set;
  const { engine, opened } = set.value;
  writeWhole(join(values.set, "layout.json"), `${JSON.stringify(opened.tasks)}\n`);
  const ids = opened.set.spec.components.map((c) => c.id);
  const design = subjects(ids, Number(values.alphas), Number(values.seed));
  if (values.runs) design.push(...trainedSubjects(values.runs, design));
  const about = `Measured by make-design, seed ${values.seed}: base, components, uniform, Dirichlet draws.`;
  const out = new RunsOutput(join(values.set, "design.json"), "design", opened, about);
  const resumed = await out.resume();
  if (!resumed.ok) return resumed;
  const signal = new AbortController().signal;
  for (const { id, subject } of design) {
    if (out.has({ id })) continue;
    const scored = await engine.measure(signal, { subject }, () => undefined);
    if (!scored.ok) return scored;
    const seconds = Math.round(scored.value.seconds * 1000) / 1000;
    const plain = subject.kind === "base" ? subject : { kind: subject.kind, alpha: [...subject.alpha] };
    await out.add({ id, subject: plain, seconds }, scored.value.scores, design);
    console.log(`${id}: ${seconds} s (${out.size} of ${design.length})`);
  }
  return ok(`design.json: ${out.size} rows; layout.json: ${opened.tasks.floats} floats a row`);
}

const result = await main();
console.log(result.ok ? result.value : sentence(result.problem));
process.exit(result.ok ? 0 : 1);
