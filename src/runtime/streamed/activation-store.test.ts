import { describe, expect, it } from "vitest";
import type { Result } from "../../core/result";
import { activationStore } from "./activation-store";
import { arrayScratch } from "./array-scratch.fixture";

const filled = (length: number, value: number) => new Float32Array(length).fill(value);

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

describe("activations", () => {
  it("stay in memory within the budget and spill beyond it", async () => {
    const { state, open } = arrayScratch();
    const store = activationStore(100, open);
    for (const key of [0, 1, 2, 3]) value(await store.put(key, filled(10, key)));
    expect([store.memoryBytes, store.spilledBytes, state.opened]).toEqual([80, 80, 1]);
    for (let round = 1; round < 4; round++)
      for (const key of [0, 1, 2, 3]) {
        const got = value(await store.get(key));
        expect([...got]).toEqual([...filled(10, key + 10 * (round - 1))]);
        value(await store.put(key, filled(10, key + 10 * round)));
      }
    // Values of the same size are written where the old ones were.
    expect([store.memoryBytes, store.spilledBytes, state.size()]).toEqual([80, 80, 80]);
    await store.close();
    expect([store.memoryBytes, state.closed]).toEqual([0, 1]);
  });

  it("find room anew when they grow, and shrink in place", async () => {
    const { open } = arrayScratch();
    const store = activationStore(0, open);
    value(await store.put(7, filled(4, 1)));
    value(await store.put(8, filled(4, 2)));
    value(await store.put(7, filled(6, 3)));
    expect([...value(await store.get(8))]).toEqual([2, 2, 2, 2]);
    value(await store.put(7, filled(2, 5)));
    expect([...value(await store.get(7))]).toEqual([5, 5]);
    expect(store.spilledBytes).toBe(56);
  });

  it("stay in memory where there is no scratch file, and say when it is full", async () => {
    const none = activationStore(8, async () => null);
    value(await none.put(0, filled(10, 1)));
    expect(none.memoryBytes).toBe(40);
    expect(value(await none.get(0)).length).toBe(10);
    const full = activationStore(0, arrayScratch(16).open);
    expect((await full.put(0, filled(10, 1))).ok).toBe(false);
  });
});
