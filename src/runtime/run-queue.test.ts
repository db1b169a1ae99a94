import { expect, it } from "vitest";
import { RunQueue } from "./run-queue";

it("runs one job at a time and survives a failing one", async () => {
  const queue = new RunQueue();
  const log: string[] = [];
  const job = (name: string, fails = false) =>
    queue.add(async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([job("a"), job("b", true), job("c")]);
  expect(results.map((r) => r.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
