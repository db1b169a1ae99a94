import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryFolder } from "../src/core/checkpoint/byte-source";
import { type Checkpoint, openCheckpoint } from "../src/core/checkpoint/sharded";
import { linear } from "../src/core/merge/linear";
import { mergeTensors } from "../src/core/merge/merge-plan";
import { uniform } from "../src/core/mixture/mixture";
import { must, readSetSpec } from "./demo-files";
import { against, type BenchOptions, fastest, plain } from "./figure";

const TIMES = 15;

/** Gigabytes of component values read per second by the linear merge, beside a plain copy of as many bytes. */
export async function benchMerge({ set, repeat, report, say }: BenchOptions): Promise<void> {
  const spec = readSetSpec(set);
  const opened = await Promise.all(spec.components.map((c) => openInMemory(join(set, c.source))));
  const names = opened[0]!.tensorNames;
  const weights = uniform(opened.length);
  const tensors: Float32Array[][] = [];
  for (const name of names)
    tensors.push(await Promise.all(opened.map(async (c) => must(await c.tensor(name)))));
  const outs = tensors.map((values) => new Float32Array(values[0]!.length));
  const bytes = tensors.flat().reduce((n, values) => n + values.byteLength, 0);
  say(`${opened.length} components, ${names.length} tensors, ${plain(bytes / 1e6)} MB as float32`);

  const copy = await fastest(TIMES * repeat, () => {
    for (const [t, values] of tensors.entries()) for (const from of values) outs[t]!.set(from);
  });
  const merge = await fastest(TIMES * repeat, () => {
    for (const [t, values] of tensors.entries()) linear.merge(values, weights, outs[t]!);
  });
  report({
    name: "merge/linear, float32 in memory",
    value: bytes / merge / 1e9,
    unit: "GB/s read",
    baseline: against("memory copy", bytes / merge / 1e9, bytes / copy / 1e9),
  });
  report({ name: "merge/linear, whole model", value: merge * 1000, unit: "ms" });

  // Stored values through the checkpoint reader, decoded, merged; the file's bytes are in memory already.
  const stored = opened.reduce((n, c) => n + c.bytes, 0);
  const sources = opened.flatMap((c) => c.files.map((f) => f.source));
  const plan = {
    tensors: names.map((name) => ({ name, shape: opened[0]!.info(name)!.shape })),
    components: opened,
    method: linear,
    weights,
  };
  const whole = await fastest(Math.max(3, repeat), async () => {
    for await (const merged of mergeTensors(plan)) must(merged);
  });
  const scratch = new Uint8Array(Math.max(...sources.map((s) => s.size)));
  const raw = await Promise.all(sources.map((s) => s.read(0, s.size)));
  const plainCopy = await fastest(TIMES * repeat, () => {
    for (const from of raw) scratch.set(from);
  });
  report({
    name: "merge/read, decode, merge from stored bytes",
    value: stored / whole / 1e9,
    unit: "GB/s read",
    baseline: against("memory copy", stored / whole / 1e9, stored / plainCopy / 1e9),
    note: "stored dtype; hashing is done by then, disk not included",
  });
}

async function openInMemory(folder: string): Promise<Checkpoint> {
  const files = ["config.json", "model.safetensors"];
  const bytes = files.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const);
  return must(await openCheckpoint(memoryFolder(folder, Object.fromEntries(bytes))));
}
