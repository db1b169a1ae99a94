import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, it } from "vitest";
import { escapes, forgeries, tryAll } from "../../../e2e/python-escapes";
import { createNodePythonRunner } from "./python-runner";

const runner = createNodePythonRunner();
afterAll(() => runner.close());
const run = (program: string, timeLimit = 10, memoryLimit = 128 << 20) =>
  runner.run({ program, timeLimit, memoryLimit });

it("gives each program its own verdict, and each an interpreter of its own", async () => {
  const programs = [
    "assert sum([1, 2]) == 3",
    "import builtins\nbuiltins.sum = None",
    "assert sum([1]) == 1",
    "1 / 0",
    "x = [0] * 10**9",
  ];
  expect(await Promise.all(programs.map((program) => run(program)))).toEqual([
    { kind: "passed" },
    { kind: "passed" },
    { kind: "passed" },
    { kind: "failed", error: "ZeroDivisionError: division by zero" },
    { kind: "memory" },
  ]);
});

it("ends a program at its limit, or when it is cancelled", async () => {
  expect(await run("while True: pass", 0.5)).toEqual({ kind: "timeout" });
  const controller = new AbortController();
  const job = { program: "while True: pass", timeLimit: 60, memoryLimit: 128 << 20 };
  const pending = runner.run(job, controller.signal);
  controller.abort();
  expect(await pending).toBeNull();
});

it("lets no program out, and none pass that fails its tests", async () => {
  let hits = 0;
  const server = createServer((_, response) => {
    hits += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const net = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await run(tryAll(escapes(net)), 30)).toEqual({ kind: "failed", error: "AssertionError: []" });
  const forged = ["exit before the tests", "an exception dressed as success", "the runner's own variables"];
  const verdicts = await Promise.all(forged.map((name) => run(forgeries[name] ?? "")));
  expect(verdicts.filter((verdict) => verdict?.kind === "passed")).toEqual([]);
  expect(hits).toBe(0);
  server.close();
});
