import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { BackendKind } from "../src/core/scoring/measurement";
import { nodePlatform } from "../src/engine/node/node-platform";
import { openBackend } from "../src/runtime/backend";
import { demoBase } from "../src/runtime/demo-base.fixture";
import { type ChoiceFile, choiceMeasure } from "./choice-measure";

/** Answers every line "TASK" with one measurement of that task, as JSON; one backend in a process of its own. */
const { values } = parseArgs({
  options: {
    base: { type: "string", default: "" },
    items: { type: "string", default: "" },
    backend: { type: "string", default: "wasm-threads" },
    threads: { type: "string", default: "2" },
  },
});
const backend = await openBackend(nodePlatform(), values.backend as BackendKind, {
  threads: Number(values.threads),
});
if (typeof backend === "string") throw new Error(backend);
const { session, weights, tokenizer } = await demoBase(backend, pathToFileURL(`${values.base}/`));
const sets = JSON.parse(readFileSync(values.items, "utf8")) as ChoiceFile;
const measure = choiceMeasure(sets, session, weights, tokenizer);
for await (const line of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage();
  const measured = await measure(line.split(" ")[0]!);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ...measured, cpu: (user + system) / 1e6 }));
}
process.exit(0);
