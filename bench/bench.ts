import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchBrowser } from "./browser";
import { type BenchOptions, type Figure, line, meets } from "./figure";
import { benchMerge } from "./merge";
import { benchMergeKernel } from "./merge-kernel";
import { benchMergeLarge } from "./merge-large";
import { benchPredictor } from "./predictor";
import { benchScoring } from "./scoring";
import { benchChoices } from "./scoring-choices";
import { benchSearch } from "./search";

const USAGE = `npm run bench -- [--only NAME,…] [--skip NAME,…] [--repeat N] [--backends wasm-threads,webgpu]
  [--no-build] [--set DIR] [--rounds 64,32,16]

Groups, in order: merge, kernel, gp, scoring, choices, browser, large (13 GB of disk), search. Writes all figures to test-results/bench/latest.json.`;

/** The search comes last: it takes minutes. */
const GROUPS: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  merge: benchMerge,
  kernel: benchMergeKernel,
  gp: benchPredictor,
  scoring: benchScoring,
  choices: benchChoices,
  browser: benchBrowser,
  large: benchMergeLarge,
  search: benchSearch,
};

const root = join(fileURLToPath(import.meta.url), "..", "..");
const list = (text: string): string[] => text.split(",").filter(Boolean);

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      skip: { type: "string", default: "" },
      repeat: { type: "string", default: "3" },
      backends: { type: "string", default: "wasm-threads" },
      rounds: { type: "string", default: "64,32,16" },
      set: { type: "string", default: join(root, "public", "zoo", "demo") },
      "no-build": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const only = list(values.only);
  const skip = list(values.skip);
  const unknown = [...only, ...skip].filter((name) => !(name in GROUPS));
  const repeat = Number(values.repeat);
  const rounds = list(values.rounds).map(Number);
  const wrong = unknown.length > 0 || ![repeat, ...rounds].every((n) => Number.isInteger(n) && n > 0);
  if (values.help || wrong) {
    console.log(unknown.length > 0 ? `No group is called ${unknown.join(", ")}.\n\n${USAGE}` : USAGE);
    process.exit(wrong ? 1 : 0);
  }
  const names = Object.keys(GROUPS).filter(
    (name) => (only.length === 0 || only.includes(name)) && !skip.includes(name),
  );
  const { set } = values;
  return {
    names,
    options: { repeat, rounds, set, build: !values["no-build"], backends: list(values.backends) },
  };
}

async function main(): Promise<number> {
  const { names, options } = readArguments();
  const figures: Figure[] = [];
  const failures: { group: string; reason: string }[] = [];
  const started = new Date();
  const load = loadavg()[0] ?? 0;
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, load ${load.toFixed(1)}${load > 0.5 ? ": other work is running, so absolute numbers are too low" : ""}`,
  );
  for (const name of names) {
    console.log(`\n— ${name}`);
    try {
      await GROUPS[name]!({
        ...options,
        root,
        report: (figure) => {
          figures.push(figure);
          console.log(line(figure));
        },
        say: (text) => console.log(`  ${text}`),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ group: name, reason });
      console.log(`  ${name} stopped: ${reason}`);
    }
  }
  const folder = join(root, "test-results", "bench");
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? "", load };
  const measured = figures.map((figure) => ({ ...figure, met: meets(figure) }));
  const record = { started, finished: new Date(), machine, options, failures, figures: measured };
  writeFileSync(join(folder, "latest.json"), `${JSON.stringify(record, null, 2)}\n`);
  const missed = measured.filter((f) => f.met === false);
  const held = measured.filter((f) => f.met !== null).length;
  console.log(`\n${held - missed.length} of ${held} bars met; figures in test-results/bench/latest.json`);
  for (const figure of missed) console.log(`not met: ${line(figure)}`);
  return failures.length > 0 ? 1 : 0;
}

process.exit(await main());
