import { describe, expect, it } from "vitest";
import { PlainOps } from "../../core/merge/block-ops";
import { memoryTensors } from "../../core/merge/memory-tensors";
import { type Result, sentence } from "../../core/result";
import { arrayScratch } from "./array-scratch.fixture";
import { keptWeights } from "./kept-weights";
import { plainWeights } from "./subject-weights";

const TABLE = { name: "table", shape: [40, 3] };
const NORM = { name: "norm", shape: [3] };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** Weights whose tensors read are counted. */
function counted() {
  const tensors = memoryTensors(
    "m",
    new Map([
      ["table", Float32Array.from({ length: 120 }, (_, i) => i)],
      ["norm", Float32Array.of(7, 8, 9)],
    ]),
  );
  const reads: string[] = [];
  const weights = plainWeights(
    {
      name: "m",
      values: (name, range, signal) => {
        reads.push(name);
        return tensors.values(name, range, signal);
      },
    },
    new PlainOps(),
  );
  return { weights, reads };
}

describe("kept weights", () => {
  it("are read once: tensors, and ranges of rows that are long enough", async () => {
    const { weights, reads } = counted();
    const { state, open } = arrayScratch();
    const kept = keptWeights(weights, open, 10);
    for (let round = 0; round < 3; round++) {
      const norm = new Float32Array(3);
      value(await kept.fill([{ tensor: NORM, out: norm }]));
      expect([...norm]).toEqual([7, 8, 9]);
      // Longer than the rows: what follows stays as it is.
      const chunk = new Float32Array(60).fill(-1);
      value(await kept.rows(TABLE, { from: 10, to: 20 }, chunk));
      expect(chunk[0]).toBe(30);
      expect([chunk[29], chunk[30]]).toEqual([59, -1]);
      const row = new Float32Array(3);
      value(await kept.rows(TABLE, { from: 5, to: 6 }, row));
      expect([...row]).toEqual([15, 16, 17]);
    }
    expect(reads).toEqual(["norm", "table", "table", "table", "table"]);
    expect(state.size()).toBe(4 * (3 + 30));
    await kept.close();
    expect(state.closed).toBe(1);
  });

  it("are read each time where nothing can be kept", async () => {
    const { weights, reads } = counted();
    const kept = keptWeights(weights, async () => null, 10);
    for (let round = 0; round < 2; round++)
      value(await kept.fill([{ tensor: NORM, out: new Float32Array(3) }]));
    expect(reads).toEqual(["norm", "norm"]);
  });
});
