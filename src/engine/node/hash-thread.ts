import { Worker } from "node:worker_threads";
import type { StreamHasher } from "../../core/checkpoint/model-writer";

/** SHA-256 in a thread of its own; bytes in shared memory are not copied, so they must stay until `update` has resolved. */
export function hashThread(): StreamHasher {
  const worker = new Worker(new URL("./hash-worker.mjs", import.meta.url), { execArgv: [] });
  const waiting: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  worker.on("message", (answer: string) => {
    waiting.shift()?.resolve(answer);
    if (waiting.length === 0) worker.unref();
  });
  worker.on("error", (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  worker.unref();
  const ask = (bytes: Uint8Array | null) =>
    new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.ref();
      worker.postMessage(bytes);
    });
  return {
    update: async (bytes) => void (await ask(bytes)),
    digest: async () => {
      const sum = await ask(null);
      await worker.terminate();
      return sum;
    },
  };
}
