import { readFileSync } from "node:fs";
import type { WritableDtype } from "../src/core/checkpoint/dtype";
import { type BlockOps, bytesPer, type Precision } from "../src/core/merge/block-ops";
import { completeSettings, type MergeMethod, type TensorTask } from "../src/core/merge/merge-method";
import { findMethod } from "../src/core/merge/registry";
import { mergeTaskVectors } from "../src/core/merge/task-vectors/merge-task-vectors";
import { workPrecision } from "../src/core/merge/task-vectors/select-random";
import { ALL, NONE, type Selection } from "../src/core/merge/task-vectors/selection";
import { ok, type Result, sentence } from "../src/core/result";
import { nodeKernel } from "../src/engine/node/node-kernel";

// Compares merges with those of random_merges.py: `npx tsx reference/random-merges.ts FOLDER [stable]`. Prints for each method and
// precision how many merges and entries differ, and the largest difference in units in the last place and as a part of the
// largest entry. With `stable` equal magnitudes are chosen as by default, not as mergekit does.

interface Case {
  readonly method: string;
  readonly precision: Precision;
  readonly shape: readonly number[];
  readonly count: number;
  readonly stored: WritableDtype;
  readonly based: boolean;
  readonly settings: Readonly<Record<string, number>>;
  readonly own: Readonly<Record<string, readonly number[]>>;
  readonly error: string | null;
}

interface Row {
  merges: number;
  differing: number;
  entries: number;
  unequal: number;
  units: number;
  part: number;
  refused: number;
  disagreements: string[];
}

const CONSENSUS = new Set(["dare_ties", "della"]);
/** Bits of float32 that one unit of a precision takes. */
const UNIT: Readonly<Record<Precision, number>> = { float32: 1, bfloat16: 2 ** 16, float16: 2 ** 13 };

const [folder = "", stable] = process.argv.slice(2);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}`));
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);

function taskOf(method: MergeMethod, own: Case, index: number): TensorTask {
  const length = own.shape.reduce((a, b) => a * b, 1);
  const size = bytesPer[own.stored] * length;
  const bytes = read(`${index}.in`);
  const stored = (k: number) => ({ dtype: own.stored, bytes: bytes.slice(k * size, (k + 1) * size) });
  const known = (entries: [string, number][]) =>
    Object.fromEntries(entries.filter(([name]) => method.parameters.some((p) => p.name === name)));
  return {
    tensor: "tensor",
    shape: own.shape,
    length,
    components: Array.from({ length: own.count }, (_, k) => ({
      id: `c${k}`,
      weight: own.own.weight?.[k] ?? 1 / own.count,
      settings: completeSettings(
        method,
        "model",
        known(Object.entries(own.own).map(([name, all]) => [name, all[k]!])),
      ),
      values: stored(k),
    })),
    base: own.based ? stored(own.count) : null,
    settings: completeSettings(method, "merge", known(Object.entries(own.settings))),
    precision: own.precision,
    mergekit: stable !== "stable",
    seed: 0,
  };
}

/** Random methods get the masks that torch drew. */
function merge(method: MergeMethod, own: Case, index: number, ops: BlockOps): Result<Float32Array> {
  const task = taskOf(method, own, index);
  const out = new Float32Array(task.length);
  const sink = (from: number, block: Float32Array) => out.set(block, from);
  let result: Result<null>;
  if (method.random) {
    const drawn = read(`${index}.mask`);
    const size = Math.ceil(task.length / 8);
    let call = 0;
    const selections = own.own.density!.map((density): Selection => {
      if (density >= 1) return ALL;
      if (density <= 0 && own.method.startsWith("della")) return NONE;
      return { kind: "bits", bits: drawn.slice(call * size, ++call * size) };
    });
    result = mergeTaskVectors(task, ops, sink, {
      consensus: CONSENSUS.has(own.method),
      select: ({ components }) => ok(components.map((c) => selections[task.components.indexOf(c)]!)),
      work: workPrecision,
    });
  } else result = method.merge(task, ops, sink);
  ops.reset();
  return result.ok ? ok(out) : result;
}

/** Float32 values counted in order. */
function ordinal(value: number): number {
  const word = new Int32Array(new Float32Array([value]).buffer)[0]!;
  return word < 0 ? -(word & 0x7fffffff) : word;
}

function compare(row: Row, own: Case, values: Float32Array, wanted: Float32Array): void {
  let largest = 0;
  for (const value of wanted) largest = Math.max(largest, Math.abs(value));
  const before = row.unequal;
  for (const [i, value] of wanted.entries()) {
    const ours = values[i]!;
    if (ours === value || (Number.isNaN(ours) && Number.isNaN(value))) continue;
    row.unequal++;
    row.units = Math.max(row.units, Math.abs(ordinal(ours) - ordinal(value)) / UNIT[own.precision]);
    row.part = Math.max(row.part, Math.abs(ours - value) / largest);
  }
  row.entries += wanted.length;
  if (row.unequal > before) row.differing++;
}

async function main(): Promise<void> {
  const ops = await nodeKernel();
  const cases = JSON.parse(readFileSync(`${folder}/cases.json`, "utf8")) as Case[];
  const rows = new Map<string, Row>();
  for (const [index, own] of cases.entries()) {
    const found = findMethod(own.method);
    if (!found.ok) throw new Error(sentence(found.problem));
    const key = `${own.method} ${own.precision}`;
    const row = rows.get(key) ?? {
      merges: 0,
      differing: 0,
      entries: 0,
      unequal: 0,
      units: 0,
      part: 0,
      refused: 0,
      disagreements: [],
    };
    rows.set(key, row);
    const merged = merge(found.value, own, index, ops);
    row.merges++;
    if (merged.ok !== (own.error === null)) row.disagreements.push(own.error ?? "refused here only");
    else if (merged.ok) compare(row, own, merged.value, floats(read(`${index}.out`)));
    else row.refused++;
  }
  for (const [key, { part, disagreements, ...row }] of rows)
    console.log(key.padEnd(26), JSON.stringify({ ...row, part: part.toExponential(1) }), ...disagreements);
}

void main();
