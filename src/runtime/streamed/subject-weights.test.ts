import { describe, expect, it } from "vitest";
import { encode } from "../../core/checkpoint/dtype";
import { PlainOps } from "../../core/merge/block-ops";
import { storedTensors } from "../../core/merge/memory-tensors";
import { type MergeChoice, resolveChoice } from "../../core/merge/merge-choice";
import type { TensorReader } from "../../core/merge/merge-plan";
import { ok, type Result, sentence } from "../../core/result";
import { seededRandom } from "../../core/seeded-random";
import { openRowTable } from "./row-table";
import { mergedWeights, plainWeights } from "./subject-weights";

const TABLE = { name: "table", shape: [60, 7] };
const NORM = { name: "norm", shape: [7] };
const ops = new PlainOps();

/** A model with the two tensors in bfloat16; the elements read of it are counted. */
function model(seed: number) {
  const random = seededRandom(seed);
  const values = (length: number) =>
    encode(
      Float32Array.from({ length }, () => random() - 0.5),
      "BF16",
    );
  const stored = storedTensors(
    `model ${seed}`,
    new Map([
      ["table", { dtype: "BF16" as const, bytes: values(420) }],
      ["norm", { dtype: "BF16" as const, bytes: values(7) }],
    ]),
  );
  const count = { elements: 0 };
  const reader: TensorReader = {
    name: stored.name,
    values: async (name, range, signal) => {
      const read = await stored.values(name, range, signal);
      if (read.ok) count.elements += read.value.bytes.length / 2;
      return read;
    },
  };
  return { reader, count };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

const METHODS: MergeChoice[] = [
  { name: "linear", parameters: {} },
  { name: "task_arithmetic", parameters: {} },
  { name: "ties", parameters: { density: 0.5 } },
  { name: "dare_ties", parameters: { density: 0.5, seed: 3 } },
  { name: "multislerp", parameters: {} },
];

describe("a merge's rows", () => {
  it.each(METHODS)("$name: equal the whole tensor's, bit for bit", async (choice) => {
    const models = [1, 2, 3].map(model);
    const [base, ...components] = models.map((m) => m.reader);
    const weights = mergedWeights(
      { base: base!, components: components.map((reader, i) => ({ id: `c${i}`, reader })), ops },
      { choice: value(resolveChoice(choice, 2)), weights: [0.7, 0.3] },
    );
    const whole = new Float32Array(420);
    const norm = new Float32Array(7);
    value(
      await weights.fill([
        { tensor: TABLE, out: whole },
        { tensor: NORM, out: norm },
      ]),
    );
    expect(norm.every((x) => x !== 0)).toBe(true);
    const before = models[1]!.count.elements;
    const table = value(await openRowTable(TABLE, weights, async () => null));
    const part = new Float32Array(100).fill(9);
    for (const [from, to] of [
      [0, 3],
      [17, 29],
      [58, 60],
    ] as const) {
      value(await table.read({ from, to }, part));
      expect(part.subarray(0, (to - from) * 7)).toEqual(whole.subarray(from * 7, to * 7));
      expect(part[99]).toBe(9);
    }
    expect(models[1]!.count.elements - before).toBe(weights.byRows ? 17 * 7 : 420);
  });
});

describe("one model's weights", () => {
  it("are taken as they are, whole and by rows", async () => {
    const { reader } = model(4);
    const weights = plainWeights(reader, ops);
    const whole = new Float32Array(420);
    value(await weights.fill([{ tensor: TABLE, out: whole }]));
    const part = new Float32Array(14);
    value(await weights.rows(TABLE, { from: 5, to: 7 }, part));
    expect(part).toEqual(whole.subarray(35, 49));
    const short = plainWeights(
      { name: "short", values: async () => ok({ dtype: "F32", bytes: new Uint8Array(8) }) },
      ops,
    );
    const refused = await short.fill([{ tensor: NORM, out: new Float32Array(7) }]);
    expect(refused.ok ? "" : sentence(refused.problem)).toContain("short, tensor norm: has 2 values");
  });
});
