import { expect, it } from "vitest";
import type { CodeJob, CodeVerdict, RunCode } from "../core/scoring/run-code";
import { type CodeRunner, lazyCodeRunner, remoteRunCode } from "./code-runner";

const job: CodeJob = { program: "x = 1", timeLimit: 1, memoryLimit: 2 ** 20 };
const passed: CodeVerdict = { kind: "passed" };

it("is opened by its first job, once, and closed if it was opened", async () => {
  let opened = 0;
  let closed = 0;
  const open = async (): Promise<CodeRunner> => {
    opened++;
    return {
      run: async () => passed,
      close: () => {
        closed++;
      },
    };
  };
  const unused = lazyCodeRunner(open);
  unused.close();
  expect(opened).toBe(0);
  const runner = lazyCodeRunner(open);
  expect(await Promise.all([runner.run(job), runner.run(job)])).toEqual([passed, passed]);
  runner.close();
  await Promise.resolve();
  expect([opened, closed]).toEqual([1, 1]);
  expect(await runner.run(job)).toBeNull();
});

it("says why it could not be opened, and tries again with the next job", async () => {
  let tries = 0;
  const runner = lazyCodeRunner(async () => {
    if (++tries === 1) throw new Error("no sandbox here");
    return { run: async () => passed, close: () => undefined };
  });
  expect(await runner.run(job)).toEqual({ kind: "crashed", error: "no sandbox here" });
  expect(await runner.run(job)).toEqual(passed);
});

it("is cancelled job by job from the other side", async () => {
  const run: RunCode = (_, signal) =>
    new Promise((resolve) => signal?.addEventListener("abort", () => resolve(null)));
  const remote = remoteRunCode(run);
  const [first, second] = [remote.run(1, job), remote.run(2, job)];
  remote.cancel(2);
  expect(await second).toBeNull();
  remote.cancel(1);
  remote.cancel(99);
  expect(await first).toBeNull();
});
