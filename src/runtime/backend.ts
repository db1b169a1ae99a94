import type { BackendKind } from "../core/scoring/measurement";
import { requestGpuDevice } from "./gpu-device";
import type { Feeds, Ort, Platform, Session } from "./ort";
import { RunQueue } from "./run-queue";

/** The GPU device was lost: whatever ran on it is gone, what was scored is not. */
export class DeviceLost extends Error {}

/** One way of executing graphs, with its queue. */
export interface Backend {
  readonly kind: BackendKind;
  readonly threads: number;
  readonly ort: Ort;
  readonly device: GPUDevice | null;
  readonly adapter?: string;
  /** The GPU is emulated on the CPU. */
  readonly emulated?: boolean;
  /** `onDevice` names outputs that stay on the device; `threads` may ask for fewer than the backend has. */
  session(model: Uint8Array, onDevice?: readonly string[], threads?: number): Promise<Session>;
  /** Queued; rejects with DeviceLost when the device goes while it runs. */
  run(session: Session, feeds: Feeds): Promise<Feeds>;
  close(): void;
}

const MOST_THREADS = 8;
/** How long after a failed run the news of a lost device may come. */
const LOSS_MS = 1000;

/** A backend, or the reason why it is not to be had. */
export type Attempt = Backend | string;

/** How a backend is opened. */
export interface BackendOptions {
  readonly threads?: number | undefined;
  /** Take an emulated GPU too. */
  readonly softwareGpu?: boolean;
}

export async function openBackend(
  platform: Platform,
  kind: BackendKind,
  { threads, softwareGpu = false }: BackendOptions = {},
): Promise<Attempt> {
  try {
    switch (kind) {
      case "webgpu":
        return await webGpu(platform, softwareGpu);
      case "wasm-threads":
        return await threadedWasm(platform, threads);
      case "wasm":
        return cpu(kind, await platform.loadWasm(1), "wasm", 1);
      case "native":
        if (!platform.loadNative) return "native onnxruntime exists only outside the browser";
        return cpu(kind, await platform.loadNative(), "cpu", threads ?? platform.cores);
      default:
        return `${kind} is no backend`;
    }
  } catch (error) {
    return `onnxruntime could not be started (${error instanceof Error ? error.message : error})`;
  }
}

async function threadedWasm(platform: Platform, wanted?: number): Promise<Attempt> {
  if (!platform.threadsAllowed)
    return "the page is not cross-origin isolated (headers COOP and COEP), so WASM has no threads";
  const threads = wanted ?? Math.min(platform.cores, MOST_THREADS);
  if (threads < 2) return "there is only one processor core";
  const ort = await platform.loadWasm(threads);
  const loaded = ort.env.wasm.numThreads ?? 1;
  if (loaded < 2) return "onnxruntime was already loaded with one thread, until the page is loaded again";
  return cpu("wasm-threads", ort, "wasm", loaded);
}

function cpu(kind: BackendKind, ort: Ort, provider: string, threads: number): Backend {
  const queue = new RunQueue();
  return {
    kind,
    threads,
    ort,
    device: null,
    session: (model, _, fewer = threads) =>
      ort.InferenceSession.create(model, {
        executionProviders: [provider],
        intraOpNumThreads: fewer,
        logSeverityLevel: 3,
      }),
    run: (session, feeds) => queue.add(() => session.run(feeds) as Promise<Feeds>),
    close: () => undefined,
  };
}

async function webGpu(platform: Platform, software: boolean): Promise<Attempt> {
  if (!platform.loadWebGpu) return "this environment has no WebGPU";
  const opened = await requestGpuDevice(platform.gpu, software);
  if (typeof opened === "string") return opened;
  const { device, adapter, emulated } = opened;
  const ort = await platform.loadWebGpu();
  const queue = new RunQueue();
  const lost = device.lost.then((info): never => {
    throw new DeviceLost(
      `the graphics device was lost (${info.message || info.reason || "no reason given"})`,
    );
  });
  lost.catch(() => undefined);
  return {
    kind: "webgpu",
    threads: 1,
    ort,
    device,
    adapter,
    emulated,
    session: (model, onDevice = []) =>
      Promise.race([
        lost,
        ort.InferenceSession.create(model, {
          executionProviders: [{ name: "webgpu", device }],
          logSeverityLevel: 3,
          preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, "gpu-buffer" as const])),
        }),
      ]),
    run: (session, feeds) =>
      queue.add(async () => {
        try {
          return await Promise.race([lost, session.run(feeds) as Promise<Feeds>]);
        } catch (error) {
          // A run on a lost device may fail before the loss is announced.
          await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
          throw error;
        }
      }),
    close: () => device.destroy(),
  };
}
