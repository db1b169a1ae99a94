import { createWorkerEngine } from "../../src/engine/worker-bridge";

/** Hands the engine to the test that drives this page. */
const engine = createWorkerEngine();
const restarts: string[] = [];
engine.onRestart((why) => restarts.push(why));

const handle = { engine, restarts };
export type EngineHandle = typeof handle;
Object.assign(window, { handle });
