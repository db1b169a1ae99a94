import { expect, it } from "vitest";
import { type Result, sentence } from "../../core/result";
import { createInProcessEngine } from "./in-process-engine";

const signal = new AbortController().signal;
const DEMO = new URL("../../../public/zoo/demo/", import.meta.url).pathname;
const ITEMS = 60;

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** Scores a mixture of the demo set on the first items of the fixed order, of every task some. */
async function scores(execution: "whole" | "streamed") {
  const engine = createInProcessEngine();
  value(await engine.start(signal, { backend: "wasm", execution }));
  value(await engine.openSet(signal, DEMO, () => undefined));
  const subject = { kind: "mixture" as const, alpha: [0.4, 0.3, 0.1, 0.15, 0.05] };
  const measured = value(
    await engine.measure(signal, { subject, limit: ITEMS, details: true }, () => undefined),
  );
  engine.close();
  return measured;
}

it("layer by layer the demo set has the scores of the whole model, and the same greedy tokens", async () => {
  const [whole, streamed] = [await scores("whole"), await scores("streamed")];
  expect(whole.done).toBe(ITEMS);
  expect(streamed.done).toBe(ITEMS);
  let largest = 0;
  for (const [i, value] of whole.scores.entries()) {
    const other = streamed.scores[i]!;
    expect(Number.isNaN(other)).toBe(Number.isNaN(value));
    if (!Number.isNaN(value))
      largest = Math.max(largest, Math.abs(other - value) / Math.max(1, Math.abs(value)));
  }
  expect(largest).toBeLessThan(1e-5);
  const key = ({ task, item }: { task: number; item: number }) => task * 1e6 + item;
  const sorted = (details: typeof whole.details) => [...details!].sort((a, b) => key(a) - key(b));
  expect(sorted(streamed.details)).toEqual(sorted(whole.details));
}, 120_000);
