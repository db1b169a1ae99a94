import { expose } from "comlink";
import { afterEach, describe, expect, it } from "vitest";
import { fitSurface } from "../core/predict/gaussian-process";
import type { FitRow } from "../core/predict/surface";
import { recommend } from "../core/search/recommend";
import type { PredictWorkerApi } from "../protocol/predict-protocol";
import { createPredictor } from "./predict-bridge";

const signal = () => new AbortController().signal;
const rows: FitRow[] = Array.from({ length: 12 }, (_, i) => ({
  alpha: [i / 20, 1 - i / 20],
  values: { macro: { value: Math.sin(i), se: 0 } },
}));

/** A worker on the other end of a channel, on this thread; `die` does to it what a crash does. */
class FakeWorker extends EventTarget {
  readonly #channel = new MessageChannel();
  terminated = false;
  constructor(api: PredictWorkerApi) {
    super();
    expose(api, this.#channel.port2);
    this.#channel.port1.onmessage = (event) =>
      this.dispatchEvent(Object.assign(new Event("message"), { data: event.data }));
  }
  postMessage(message: unknown, transfer: Transferable[] = []) {
    this.#channel.port1.postMessage(message, transfer);
  }
  die(why: string) {
    this.dispatchEvent(Object.assign(new Event("error"), { message: why }));
  }
  terminate() {
    this.terminated = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}

const api: PredictWorkerApi = {
  fit: async (...args) => fitSurface(...args),
  recommend: async (request) => recommend(request),
};
const spawned: FakeWorker[] = [];
const predictor = (over: Partial<PredictWorkerApi> = {}) =>
  createPredictor(() => {
    const worker = new FakeWorker({ ...api, ...over });
    spawned.push(worker);
    return worker as unknown as Worker;
  });
afterEach(() => {
  for (const worker of spawned.splice(0)) worker.terminate();
});

describe("createPredictor", () => {
  it("fits and recommends in one worker, started at the first call", async () => {
    const p = predictor();
    expect(spawned).toHaveLength(0);
    const surface = await p.fit(signal(), rows, ["macro"], 1);
    if (!surface.ok) throw new Error(surface.problem.message);
    const best = await p.recommend(signal(), {
      surface: surface.value,
      targets: ["macro"],
      components: 2,
      prior: [1, 1],
      candidates: 100,
      keep: 5,
      seed: 1,
    });
    expect(best.ok && best.value.top).toHaveLength(5);
    expect(spawned).toHaveLength(1);
    p.close();
    expect(spawned[0]!.terminated).toBe(true);
    expect(await p.fit(signal(), rows, ["macro"], 1)).toMatchObject({ problem: { kind: "cancelled" } });
  });

  it("answers when the worker dies and starts a fresh one", async () => {
    let hang = true;
    const p = predictor({
      fit: (...args) => (hang ? new Promise(() => {}) : api.fit(...args)),
    });
    const stuck = p.fit(signal(), rows, ["macro"], 1);
    const waiting = p.fit(signal(), rows, ["macro"], 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    hang = false;
    spawned[0]!.die("out of memory");
    expect(await stuck).toMatchObject({ problem: { kind: "worker-died" } });
    expect((await waiting).ok).toBe(true);
    expect(spawned).toHaveLength(2);
    expect(spawned[0]!.terminated).toBe(true);
  });

  it("drops cancelled calls and goes on after a failed one", async () => {
    let calls = 0;
    const p = predictor({
      fit: async (...args) => {
        calls++;
        if (calls === 1) throw new Error("a bug");
        return api.fit(...args);
      },
    });
    const failed = p.fit(signal(), rows, ["macro"], 1);
    const abort = new AbortController();
    const dropped = p.fit(abort.signal, rows, ["macro"], 1);
    const last = p.fit(signal(), rows, ["macro"], 1);
    abort.abort();
    expect(await dropped).toMatchObject({ problem: { kind: "cancelled" } });
    expect(await failed).toMatchObject({
      problem: { kind: "worker-died", message: expect.stringContaining("a bug") },
    });
    expect((await last).ok).toBe(true);
    expect(calls).toBe(2);
    expect(spawned).toHaveLength(1);
  });
});
