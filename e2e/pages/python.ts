import { createPythonRunner, type PythonRunner } from "../../src/engine/python-runner";

/** Hands the sandbox to the test that drives this page, and counts the page's own heartbeats. */
const underTest = { createPythonRunner, runner: createPythonRunner(), beats: [] as number[] };
export type PythonHandle = { createPythonRunner: () => PythonRunner; runner: PythonRunner; beats: number[] };
setInterval(() => underTest.beats.push(performance.now()), 20);
Object.assign(window, { python: underTest });
