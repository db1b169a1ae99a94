import { beforeAll, describe, expect, it } from "vitest";
import { sentence } from "../core/result";
import type { MeasureOutcome } from "../protocol/engine-protocol";
import { EngineHost, type HostRequest } from "./engine-host";
import { testPlatform } from "./test-platform.fixture";
import { tinySet } from "./tiny-set.fixture";

const SUBJECT = { kind: "mixture", alpha: [0.5, 0.2, 0.3] } as const;
let files: Record<string, string | Uint8Array>;
let host: EngineHost;
let whole: MeasureOutcome;

async function measured(
  request: HostRequest,
  signal?: AbortSignal,
  onUpdate?: () => void,
): Promise<MeasureOutcome> {
  const outcome = await host.measure(request, { signal, onUpdate });
  if (!outcome.ok) throw new Error(sentence(outcome.problem));
  return outcome.value;
}

beforeAll(async () => {
  files = await tinySet();
  host = new EngineHost(testPlatform(files));
  const opened = await host.openSet("mem/");
  if (!opened.ok) throw new Error(sentence(opened.problem));
  expect(opened.value.tasks?.floats).toBe(9 * 2 + 14 * 3 + 7 * 2);
  whole = await measured({ subject: SUBJECT });
}, 120_000);

describe("a measurement", () => {
  it("scores every item", () => {
    expect(whole.complete).toBe(true);
    expect(whole.done).toBe(30);
    expect(whole.scores.slice(0, 2).every(Number.isFinite)).toBe(true);
  });

  it("stops between batches and goes on to the same scores", async () => {
    const controller = new AbortController();
    const part = await measured({ subject: SUBJECT }, controller.signal, () => controller.abort());
    expect(part.complete).toBe(false);
    expect(part.done).toBeGreaterThan(0);
    expect(part.done).toBeLessThan(whole.done);
    const rest = await measured({ subject: SUBJECT, known: part.scores });
    expect(rest.complete).toBe(true);
    expect(rest.tokens).toBeLessThan(whole.tokens);
    for (const [i, value] of whole.scores.entries())
      if (!Number.isNaN(value))
        expect(Math.abs(rest.scores[i]! - value)).toBeLessThan(1e-5 * Math.max(1, -value));
  });

  it("scores a limited number of items in the fixed order", async () => {
    const part = await measured({ subject: SUBJECT, limit: 8 });
    expect(part.done).toBe(8);
    expect(part.complete).toBe(false);
    for (const [i, value] of part.scores.entries())
      if (!Number.isNaN(value)) expect(value).toBeCloseTo(whole.scores[i]!, 4);
  });

  it("gives a vertex the component's own scores", async () => {
    const vertex = await measured({ subject: { kind: "mixture", alpha: [0, 1, 0] } });
    const again = await measured({ subject: { kind: "mixture", alpha: [0, 1, 0] } });
    expect(again.scores).toEqual(vertex.scores);
    expect(vertex.scores).not.toEqual(whole.scores);
  });

  it("is refused off the simplex, and the next one works", async () => {
    for (const alpha of [
      [0.5, 0.5],
      [0.5, 0.6, -0.1],
      [0.3, 0.3, 0.3],
      [Number.NaN, 0.5, 0.5],
    ]) {
      const refused = await host.measure({ subject: { kind: "mixture", alpha } });
      expect(refused.ok).toBe(false);
    }
    const stale = await host.measure({ subject: SUBJECT, known: new Float32Array(3) });
    expect(stale.ok ? "" : stale.problem.kind).toBe("bad-task");
    expect((await measured({ subject: { kind: "base" }, limit: 4 })).done).toBe(4);
  });

  it("fails with a sentence when a run throws, and works again", async () => {
    const request: HostRequest = {
      subject: {
        kind: "weights",
        reader: {
          name: "odd",
          values: async () => {
            throw new Error("the disk is on fire");
          },
        },
      },
    };
    const failed = await host.measure(request);
    expect(failed.ok ? "" : failed.problem.message).toContain("the disk is on fire");
    expect((await measured({ subject: SUBJECT })).scores).toEqual(whole.scores);
  });
});

describe("opening a set", () => {
  const openWith = async (changes: Record<string, string | Uint8Array>) => {
    const other = new EngineHost(testPlatform({ ...files, ...changes }));
    const opened = await other.openSet("mem/");
    await other.close();
    return opened.ok ? "" : sentence(opened.problem);
  };

  it("names the file, and keeps the set that is open", async () => {
    const cut = (files["part1/model.safetensors"] as Uint8Array).slice(0, 5000);
    expect(await openWith({ "part1/model.safetensors": cut })).toContain("part1/model.safetensors");
    expect(await openWith({ "items/choice.json": "{}" })).toContain("items/choice.json");
    expect(await openWith({ "tasks.json": '{"format":"demix-tasks","version":3}' })).toContain("newer");
    const broken = await host.openSet("mem/nowhere/");
    expect(broken.ok ? "" : sentence(broken.problem)).toContain("missing");
    expect((await measured({ subject: SUBJECT, limit: 4 })).done).toBe(4);
  });

  it("refuses NaN weights by tensor", async () => {
    const bytes = (files["part2/model.safetensors"] as Uint8Array).slice();
    new DataView(bytes.buffer).setFloat32(bytes.length - 8, Number.NaN, true);
    const message = await openWith({ "part2/model.safetensors": bytes });
    expect(message).toContain("part2/model.safetensors");
    expect(message).toContain("tensor");
  });
});
