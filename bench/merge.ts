import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryFolder } from "../src/core/checkpoint/byte-source";
import { type Checkpoint, openCheckpoint } from "../src/core/checkpoint/sharded";
import { constantParameters, LINEAR, resolveChoice } from "../src/core/merge/merge-choice";
import { type MergePlan, mergeTensors } from "../src/core/merge/merge-plan";
import { uniform } from "../src/core/mixture/mixture";
import { nodeKernel } from "../src/engine/node/node-kernel";
import { must, readSetSpec } from "./demo-files";
import { against, type BenchOptions, fastest, plain } from "./figure";

const TIMES = 15;

/** Gigabytes of component values read per second by the linear merge, beside a plain copy of as many bytes. */
export async function benchMerge({ set, repeat, report, say }: BenchOptions): Promise<void> {
  const spec = readSetSpec(set);
  const opened = await Promise.all(spec.components.map((c) => openInMemory(join(set, c.source))));
  const names = opened[0]!.tensorNames;
  const choice = must(resolveChoice(LINEAR, opened.length));
  const plan: MergePlan = {
    tensors: names.map((name) => ({ name, shape: opened[0]!.info(name)!.shape })),
    components: opened.map((reader, i) => ({ id: `${i}`, reader })),
    method: choice.method,
    parameters: constantParameters(choice, uniform(opened.length)),
    dtype: "F32",
  };
  const ops = await nodeKernel();
  const stored = opened.reduce((n, c) => n + c.bytes, 0);
  say(`${opened.length} components, ${names.length} tensors, ${plain(stored / 1e6)} MB as stored`);
  const sources = opened.flatMap((c) => c.files.map((f) => f.source));
  const raw = await Promise.all(sources.map((s) => s.read(0, s.size)));

  // Stored values through the checkpoint reader, merged; the files' bytes are in memory already.
  const whole = await fastest(Math.max(3, repeat), async () => {
    for await (const merged of mergeTensors(plan, { ops })) must(merged);
  });
  const scratch = new Uint8Array(Math.max(...sources.map((s) => s.size)));
  const plainCopy = await fastest(TIMES * repeat, () => {
    for (const from of raw) scratch.set(from);
  });
  report({
    name: "merge/linear, demo set from stored bytes",
    value: stored / whole / 1e9,
    unit: "GB/s read",
    baseline: against("memory copy", stored / whole / 1e9, stored / plainCopy / 1e9),
    note: "stored dtype; hashing is done by then, disk not included",
  });
  report({ name: "merge/linear, demo set, whole model", value: whole * 1000, unit: "ms" });
}

async function openInMemory(folder: string): Promise<Checkpoint> {
  const files = ["config.json", "model.safetensors"];
  const bytes = files.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const);
  return must(await openCheckpoint(memoryFolder(folder, Object.fromEntries(bytes))));
}
