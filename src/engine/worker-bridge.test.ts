import { expose } from "comlink";
import { afterEach, expect, it } from "vitest";
import { fail, ok } from "../core/result";
import type { EngineWorkerApi, RemoteRunCode } from "../protocol/engine-protocol";
import { createWorkerEngine, type WorkerEngine } from "./worker-bridge";

/** A worker's shell around a message channel, whose other end is a stub of the engine. */
class FakeWorker {
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly log: string[] = [];
  cancelled: number[] = [];
  codeRunner: RemoteRunCode | null = null;
  private readonly channel = new MessageChannel();

  constructor(private readonly behaviour: "answers" | "waits" | "silent") {
    if (behaviour === "silent") return;
    expose(this.api(), this.channel.port2 as unknown as Parameters<typeof expose>[1]);
    this.channel.port2.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.channel.port1.postMessage(message, transfer);
  }
  addEventListener(type: string, listener: EventListener): void {
    this.channel.port1.addEventListener(type, listener);
    this.channel.port1.start();
  }
  removeEventListener(type: string, listener: EventListener): void {
    this.channel.port1.removeEventListener(type, listener);
  }
  terminate(): void {
    this.channel.port1.close();
  }
  crash(): void {
    this.onerror?.({ message: "out of memory", preventDefault: () => undefined });
  }

  private api(): EngineWorkerApi {
    const stub = fail<never>("backend", "a stub");
    const waiting = new Map<number, () => void>();
    return {
      start: async ({ backend }) => {
        this.log.push(`start ${backend}`);
        return ok({ kind: "wasm", threads: 1, reason: "a stub", selfTests: [], versions: {} });
      },
      inspect: async () => stub,
      openSet: async (_, url) => {
        this.log.push(`open ${url}`);
        return { ...stub, ok: true, value: null } as unknown as Awaited<
          ReturnType<EngineWorkerApi["openSet"]>
        >;
      },
      checkHealth: async () => stub,
      write: async () => stub,
      cacheState: async () => ({ entries: [], usage: { used: 0, budget: 0, quota: null } }),
      evict: async () => ({ entries: [], usage: { used: 0, budget: 0, quota: null } }),
      setCacheBudget: async () => ({ entries: [], usage: { used: 0, budget: 0, quota: null } }),
      measure: async (id) => {
        this.log.push("measure");
        if (this.behaviour === "waits") await new Promise<void>((resolve) => waiting.set(id, resolve));
        return stub;
      },
      setTasks: async (_, tasks) => {
        this.log.push(`tasks ${tasks?.spec.name ?? "own"}`);
        return { ok: true, value: null } as unknown as Awaited<ReturnType<EngineWorkerApi["setTasks"]>>;
      },
      previewItem: async () => stub,
      measureItem: async () => stub,
      setCodeRunner: (remote) => {
        this.codeRunner = remote;
      },
      cancel: (id) => {
        this.cancelled.push(id);
        waiting.get(id)?.();
      },
      listen: () => undefined,
      ping: () => true,
      breakForTest: () => undefined,
    };
  }
}

let engine: WorkerEngine | undefined;
afterEach(() => engine?.close());

const signal = new AbortController().signal;
const base = { subject: { kind: "base" } } as const;

function engineWith(...workers: FakeWorker[]): WorkerEngine {
  const left = [...workers];
  engine = createWorkerEngine(() => left.shift() as unknown as Worker, { everyMs: 10, silenceMs: 80 });
  return engine;
}

it("ends pending calls when the worker crashes, and brings a new one to the same place", async () => {
  const [first, second] = [new FakeWorker("waits"), new FakeWorker("answers")];
  const bridge = engineWith(first, second);
  const restarts: string[] = [];
  bridge.onRestart((why) => restarts.push(why));
  await bridge.start(signal, { backend: "wasm" });
  await bridge.openSet(signal, "set/", () => undefined);
  const pending = bridge.measure(signal, base, () => undefined);
  setTimeout(() => first.crash(), 20);
  const outcome = await pending;
  expect(outcome.ok ? "" : outcome.problem.kind).toBe("worker-died");
  expect(restarts).toHaveLength(1);
  await bridge.measure(signal, base, () => undefined);
  expect(second.log).toEqual(["start wasm", "open set/", "measure"]);
});

it("notices a worker that falls silent", async () => {
  const bridge = engineWith(new FakeWorker("silent"), new FakeWorker("answers"));
  const outcome = await bridge.start(signal, { backend: "auto" });
  expect(outcome.ok ? "" : outcome.problem.message).toContain("no sign of life");
  expect((await bridge.start(signal, { backend: "auto" })).ok).toBe(true);
});

it("gives up after several deaths in a row", async () => {
  const bridge = engineWith(...Array.from({ length: 4 }, () => new FakeWorker("silent")));
  const restarts: string[] = [];
  bridge.onRestart((why) => restarts.push(why));
  for (let i = 0; i < 4; i++) expect((await bridge.start(signal, { backend: "auto" })).ok).toBe(false);
  expect(restarts.at(-1)).toContain("Reload");
  const last = await bridge.measure(signal, base, () => undefined);
  expect(last.ok ? "" : last.problem.kind).toBe("worker-died");
});

it("sends an abort to the worker", async () => {
  const worker = new FakeWorker("waits");
  const bridge = engineWith(worker);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await bridge.measure(controller.signal, base, () => undefined);
  expect(worker.cancelled).toHaveLength(1);
});

it("brings a new worker to the tasks that were chosen, and offers it the code runner", async () => {
  const [first, second, third] = [
    new FakeWorker("waits"),
    new FakeWorker("answers"),
    new FakeWorker("answers"),
  ];
  const left = [first, second, third];
  const verdict = { kind: "passed" } as const;
  engine = createWorkerEngine(
    () => left.shift() as unknown as Worker,
    { everyMs: 10, silenceMs: 80 },
    async () => ({ run: async () => verdict, close: () => undefined }),
  );
  await engine.openSet(signal, "set/", () => undefined);
  const spec = { format: "demix-tasks", version: 1, name: "mine", domains: [], tasks: [] } as const;
  await engine.setTasks(signal, { spec, items: [] });
  first.crash();
  await engine.previewItem(signal, 0, 0);
  expect(second.log).toEqual(["open set/", "tasks mine"]);
  const job = { program: "", timeLimit: 1, memoryLimit: 1 };
  expect(await second.codeRunner?.run(1, job)).toEqual(verdict);
  await engine.openSet(signal, "other/", () => undefined);
  second.crash();
  await engine.previewItem(signal, 0, 0);
  expect(third.log).toEqual(["open other/"]);
});
