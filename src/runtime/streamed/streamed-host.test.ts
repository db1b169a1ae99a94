import { beforeAll, describe, expect, it } from "vitest";
import type { MergeChoice } from "../../core/merge/merge-choice";
import { fail, sentence } from "../../core/result";
import type { MeasureOutcome, MeasureUpdate } from "../../protocol/engine-protocol";
import { EngineHost, type HostRequest } from "../engine-host";
import { testPlatform } from "../test-platform.fixture";
import { tinySet } from "../tiny-set.fixture";
import { arrayScratch } from "./array-scratch.fixture";

const SUBJECT = { kind: "mixture", alpha: [0.5, 0.2, 0.3] } as const;
const hosts: Partial<Record<"whole" | "streamed", EngineHost>> = {};
let outcome: Record<"whole" | "streamed", MeasureOutcome>;

async function measured(
  execution: "whole" | "streamed",
  request: HostRequest,
  call: { signal?: AbortSignal; onUpdate?: (update: MeasureUpdate) => void } = {},
): Promise<MeasureOutcome> {
  const result = await hosts[execution]!.measure(request, call);
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

function expectEqual(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  for (const [i, value] of a.entries()) {
    if (Number.isNaN(value)) expect(b[i]).toBeNaN();
    else expect(Math.abs(b[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  }
}

beforeAll(async () => {
  const files = await tinySet();
  for (const execution of ["whole", "streamed"] as const) {
    const host = new EngineHost({ ...testPlatform(files), openScratch: arrayScratch().open });
    hosts[execution] = host;
    await host.start({ backend: "wasm", execution });
    const opened = await host.openSet("mem/");
    if (!opened.ok) throw new Error(sentence(opened.problem));
  }
  outcome = {
    whole: await measured("whole", { subject: SUBJECT }),
    streamed: await measured("streamed", { subject: SUBJECT }),
  };
}, 120_000);

describe("a streamed measurement", () => {
  it("gives the scores of the whole model's graph, generated texts included", () => {
    expect(outcome.streamed.complete).toBe(true);
    expect(outcome.streamed.done).toBe(outcome.whole.done);
    expectEqual(outcome.whole.scores, outcome.streamed.scores);
  });

  it.each<MergeChoice>([
    { name: "ties", parameters: { density: 0.5 } },
    { name: "dare_linear", parameters: { density: 0.6, seed: 4 } },
    { name: "multislerp", parameters: {} },
  ])("does so for a merge by $name", async (method) => {
    const request: HostRequest = { subject: SUBJECT, method, limit: 12 };
    const whole = await measured("whole", request);
    expectEqual(whole.scores, (await measured("streamed", request)).scores);
    expect(whole.scores).not.toEqual(outcome.whole.scores.slice());
  });

  it("does so for the base", async () => {
    const whole = await measured("whole", { subject: { kind: "base" } });
    expectEqual(whole.scores, (await measured("streamed", { subject: { kind: "base" } })).scores);
  });

  it("reports its progress, stops between batches, and goes on to the same scores", async () => {
    const controller = new AbortController();
    const seen: MeasureUpdate[] = [];
    const onUpdate = (update: MeasureUpdate) => {
      seen.push(update);
      if (update.done > 0 && update.progress) controller.abort();
    };
    const part = await measured("streamed", { subject: SUBJECT }, { signal: controller.signal, onUpdate });
    expect(seen[0]!.progress).toMatchObject({ done: 1, unit: "steps" });
    expect(seen.some(({ done, progress }) => done > 0 && !progress)).toBe(true);
    expect(part.complete).toBe(false);
    expect(part.done).toBeGreaterThan(0);
    const rest = await measured("streamed", { subject: SUBJECT, known: part.scores });
    expect(rest.complete).toBe(true);
    expect(rest.tokens).toBeLessThan(outcome.streamed.tokens);
    expectEqual(outcome.whole.scores, rest.scores);
  });

  it("measures one item as the whole model does", async () => {
    for (const task of [0, 1, 2]) {
      const one = { subject: SUBJECT, task, item: 1 };
      const [a, b] = await Promise.all([hosts.whole!.measureItem(one), hosts.streamed!.measureItem(one)]);
      if (!a.ok || !b.ok) throw new Error("an item was not measured");
      expect(b.value.texts).toEqual(a.value.texts);
      for (const [s, { logProb, greedy }] of a.value.sequences.entries()) {
        expectEqual(Float32Array.from(logProb), Float32Array.from(b.value.sequences[s]!.logProb));
        expect(b.value.sequences[s]!.greedy).toEqual(greedy);
      }
    }
  });

  it("fails with the problem of a reader, and measures again", async () => {
    const reader = { name: "gone", values: async () => fail("network", "gone") };
    const failed = await hosts.streamed!.measure({ subject: { kind: "weights", reader } });
    expect(failed.ok ? "" : failed.problem.kind).toBe("network");
    expectEqual(outcome.whole.scores, (await measured("streamed", { subject: SUBJECT })).scores);
  });
});
