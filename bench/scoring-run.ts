import { parseArgs } from "node:util";
import { uniform } from "../src/core/mixture/mixture";
import { createInProcessEngine } from "../src/engine/node/in-process-engine";
import { must } from "./demo-files";
import { recordingPlatform } from "./recording-platform";
import type { ScoringTimes } from "./scoring";

/** One backend in a process of its own: onnxruntime keeps the number of threads that it was first loaded with. */
const { values } = parseArgs({
  options: {
    set: { type: "string", default: "" },
    backend: { type: "string", default: "wasm" },
    threads: { type: "string", default: "1" },
    repeat: { type: "string", default: "1" },
  },
});
const recorder = recordingPlatform();
const engine = createInProcessEngine(recorder.platform);
const signal = new AbortController().signal;
const backend = values.backend as "wasm" | "wasm-threads" | "native";
const started = must(await engine.start(signal, { backend, threads: Number(values.threads) }));
if (started.kind !== backend || started.threads !== Number(values.threads)) throw new Error(started.reason);
const opened = must(await engine.openSet(signal, `${values.set.replace(/\/+$/, "")}/`, () => undefined));
const subject = { kind: "mixture" as const, alpha: uniform(opened.set.spec.components.length) };
const measure = async () => must(await engine.measure(signal, { subject }, () => undefined));

// The first measurement warms up, and its runs with their feeds are what the bare loop repeats.
recorder.reset();
recorder.keep = true;
const { tokens } = await measure();
recorder.keep = false;
const runs = [...recorder.runs];
const rounds: ScoringTimes["rounds"] = [];
for (let i = 0; i < Number(values.repeat); i++) {
  recorder.reset();
  const { seconds } = await measure();
  const inRuns = recorder.seconds;
  const start = performance.now();
  for (const { run, feeds } of runs) await run(feeds);
  rounds.push({ seconds, inRuns, bare: (performance.now() - start) / 1000 });
}
const times: ScoringTimes = { tokens, runs: runs.length, rounds };
console.log(JSON.stringify(times));
process.exit(0);
