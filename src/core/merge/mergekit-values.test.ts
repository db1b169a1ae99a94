import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ok, type Result, sentence } from "../result";
import { PlainOps, roundTo } from "./block-ops";
import type { MergeSink, TensorTask } from "./merge-method";
import {
  digestOf,
  hashedMask,
  MERGEKIT_VALUES,
  type MergeCase,
  type MergekitValues,
  sampled,
  taskOfCase,
} from "./mergekit-values.fixture";
import { findMethod, MERGE_METHODS } from "./registry";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { workPrecision } from "./task-vectors/select-random";
import { keepProbabilities, rowsOfRanks } from "./task-vectors/select-ranked";
import { ALL, NONE, type Selection } from "./task-vectors/selection";
import { TaskVectors } from "./task-vectors/task-vectors";

const reference = JSON.parse(readFileSync(MERGEKIT_VALUES, "utf8")) as MergekitValues;
const ops = new PlainOps();

/** Methods with sines, which torch rounds in its own way in float32, or that go another way to the same mean. */
const NEAR = new Set(["karcher", "slerp", "nuslerp"]);
/** Cases in 16 bits where a sum over the tensor lies in the middle between two numbers, to 4·10⁻⁸. */
const MISSED: Readonly<Record<string, number>> = { "karcher float16": 1 };
const CONSENSUS = new Set(["dare_ties", "della"]);

const methodOf = ({ method }: MergeCase) => {
  const found = findMethod(method);
  if (!found.ok) throw new Error(sentence(found.problem));
  return found.value;
};

/** The method's merge; random ones with the masks that mergekit's torch was given. */
function mergeCase(own: MergeCase, task: TensorTask, sink: MergeSink): Result<null> {
  const method = methodOf(own);
  if (!method.random) return method.merge(task, ops, sink);
  let call = 0;
  const selections = own.own.density!.map((density): Selection => {
    if (density >= 1) return ALL;
    if (density <= 0 && own.method.startsWith("della")) return NONE;
    return { kind: "bits", bits: hashedMask(++call, task.length) };
  });
  return taskFamily({
    consensus: CONSENSUS.has(own.method),
    select: ({ components }) => ok(components.map((c) => selections[task.components.indexOf(c)]!)),
    work: workPrecision,
  }).merge(task, ops, sink);
}

function merged(own: MergeCase): Float32Array {
  const task = taskOfCase(methodOf(own), own);
  const out = new Float32Array(task.length);
  const result = mergeCase(own, task, (from, block) => out.set(block, from));
  if (!result.ok) throw new Error(sentence(result.problem));
  return out;
}

describe("merge methods and mergekit 0.1.5", () => {
  for (const method of MERGE_METHODS)
    for (const precision of ["float32", "bfloat16", "float16"] as const) {
      const cases = reference.cases.filter((c) => c.method === method.name && c.precision === precision);
      it(`${method.name} is equal in ${precision}`, () => {
        expect(cases.length).toBeGreaterThan(10);
        const unequal: string[] = [];
        for (const own of cases) {
          const values = merged(own);
          const place = JSON.stringify({ ...own, sample: "" });
          const near = precision === "float32" && NEAR.has(own.method);
          if (!near && digestOf(values) !== own.digest) unequal.push(place);
          const [wanted, ours] = sampled(own, values);
          const bound = own.largest * (near ? 1e-6 : 1e-3);
          for (const [i, value] of wanted.entries())
            expect(Math.abs(ours[i]! - value), place).toBeLessThanOrEqual(bound);
        }
        expect(unequal.slice(MISSED[`${method.name} ${precision}`] ?? 0)).toEqual([]);
      });
    }

  it("asks for the same probabilities", () => {
    let compared = 0;
    for (const own of reference.cases) {
      const asked = own.asked ?? [];
      const { precision } = own;
      const densities = own.own.density?.filter((d) => d < 1 && (d > 0 || own.method.startsWith("dare")));
      if (own.method.startsWith("dare")) {
        expect(asked).toEqual(densities!.map((d) => roundTo(d, workPrecision(precision))));
        compared += asked.length;
      } else if (asked.length > 0) {
        const task = taskOfCase(methodOf(own), own);
        expect(asked).toEqual(task.components.map((_, k) => digestOf(rankedProbabilities(task, k))));
        compared += asked.length;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });
});

/** Of each entry of a component's update, by its rank in its row. */
function rankedProbabilities(task: TensorTask, component: number): Float32Array {
  const vectors = new TaskVectors(task, task.components, ops);
  const { density, epsilon } = task.components[component]!.settings;
  const { count, inner } = rowsOfRanks(task.shape, task.length);
  const byRank = keepProbabilities(count, density!, epsilon!, workPrecision(task.precision));
  const out = new Float32Array(task.length);
  vectors.each(
    (_, __, delta) => {
      for (let from = 0; from < delta.length; from += count * inner)
        for (let column = 0; column < inner; column++) {
          const row = Float32Array.from({ length: count }, (_, r) => delta[from + column + r * inner]!);
          const ranks = new Uint32Array(count);
          ops.magnitudeRanks(row, ranks);
          for (const [r, rank] of ranks.entries()) out[from + column + r * inner] = byRank[rank]!;
        }
    },
    [component],
  );
  return out;
}
