import type { ChoiceTimes } from "../choice-measure";

declare global {
  interface Window {
    /** One measurement of a task, in the worker. */
    measureChoices(name: string): Promise<ChoiceTimes>;
  }
}

const worker = new Worker(new URL("./choice.worker.ts", import.meta.url), { type: "module" });

window.measureChoices = (name) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<ChoiceTimes | string>) =>
      typeof data === "string" ? reject(new Error(data)) : resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(name);
  });
