import { beforeEach, expect, it } from "vitest";
import type { Recipe } from "../core/recipe/recipe";
import { fail, ok } from "../core/result";
import type { Engine } from "../engine/engine";
import type { WriteOutcome, WriteRequest } from "../protocol/engine-protocol";
import { createMergeOut, mergedOf, useMergeOut } from "./merge-out";

const recipe = (alpha: number): Recipe =>
  ({
    set: { hash: "weights" },
    components: [
      { id: "a", alpha },
      { id: "b", alpha: 1 - alpha },
    ],
    method: { name: "linear", parameters: {} },
    merged: { dtype: "F32", mergekit: false, files: [] },
  }) as unknown as Recipe;
const SETTINGS = { dtype: "BF16", mergekit: true, shardBytes: 5e9 } as const;
const TARGET = { kind: "opfs", path: "mine" } as const;
const WRITTEN: WriteOutcome = {
  files: [
    { path: "model.safetensors", bytes: 8, sha256: "ab" },
    { path: "config.json", bytes: 2, sha256: "cd" },
  ],
  seconds: 1,
};

/** An engine whose write waits until it is aborted or told to end. */
function waitingEngine() {
  let end: () => void = () => undefined;
  const asked: WriteRequest[] = [];
  const write: Engine["write"] = (signal, request, onProgress) => {
    asked.push(request);
    onProgress({ done: 1, total: 2, unit: "bytes", what: "t" });
    return new Promise((resolve) => {
      end = () => resolve(ok(WRITTEN));
      signal.addEventListener("abort", () => resolve(fail("cancelled", "Stopped.")));
    });
  };
  return { engine: { write } as Engine, asked, end: () => end() };
}
const phase = () => useMergeOut.getState().out.phase;

beforeEach(() => useMergeOut.setState({ out: { phase: "idle" } }));

it("writes one model at a time, and puts its weights' hashes into the recipe of that merge alone", async () => {
  const { engine, asked, end } = waitingEngine();
  const out = createMergeOut(() => engine);
  const writing = out.write(recipe(0.25), SETTINGS, TARGET);
  await out.write(recipe(0.5), SETTINGS, TARGET);
  expect(asked).toHaveLength(1);
  expect(asked[0]!.recipe.merged).toBeUndefined();
  expect(useMergeOut.getState().out).toMatchObject({ phase: "running", progress: { done: 1 } });
  end();
  await writing;
  const done = useMergeOut.getState().out;
  expect(mergedOf(done, recipe(0.25))).toEqual({
    dtype: "BF16",
    mergekit: true,
    files: [{ path: "model.safetensors", bytes: 8, sha256: "ab" }],
  });
  expect(mergedOf(done, recipe(0.5))).toBeUndefined();
});

it("is cancelled without a word, and can write again", async () => {
  const { engine } = waitingEngine();
  const out = createMergeOut(() => engine);
  const writing = out.write(recipe(0.25), SETTINGS, TARGET);
  expect(phase()).toBe("running");
  out.cancelWrite();
  await writing;
  expect(phase()).toBe("idle");
});

it("tells a failure, and an engine that is not there", async () => {
  const broken = { write: async () => fail("quota", "no room.") } as unknown as Engine;
  await createMergeOut(() => broken).write(recipe(0.25), SETTINGS, TARGET);
  expect(useMergeOut.getState().out).toMatchObject({ phase: "failed", problem: { message: "no room." } });
  await createMergeOut(() => null).write(recipe(0.25), SETTINGS, TARGET);
  expect(useMergeOut.getState().out).toMatchObject({ phase: "failed", problem: { kind: "backend" } });
});
