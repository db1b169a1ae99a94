// @ts-check
/**
 * A child process for one Python program, started by python-runner.ts with few permissions. It takes from itself what the
 * permissions of Node leave: the network, and the ways by which JavaScript reaches the process.
 */
import { constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { limitMemory, openInterpreter } from "../../../workers/python/interpreter.mjs";

const { process: self } = globalThis;
/** @type {(message: object) => void} */
const send = /** @type {any} */ (self.send).bind(self);
const now = performance.now.bind(performance);

function closeNetwork() {
  const require = createRequire(import.meta.url);
  const refuse = () => {
    throw new Error("no network in the sandbox");
  };
  const { net, dns, dgram } = {
    net: require("node:net"),
    dns: require("node:dns"),
    dgram: require("node:dgram"),
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.createSocket = refuse;
  dgram.Socket.prototype.bind = refuse;
  dgram.Socket.prototype.send = refuse;
  for (const name of Object.keys(dns)) if (typeof dns[name] === "function") dns[name] = refuse;
  syncBuiltinESMExports();
}

/** @type {{ run: (program: string) => import("../../../workers/python/interpreter.mjs").Ran } | null} */
let interpreter = null;

/** @param {{ directory: string, harness: string, memoryLimit: number, snapshot: Uint8Array | null }} parts */
async function open({ directory, harness, memoryLimit, snapshot: received }) {
  // What arrives lies anywhere in a larger buffer; the interpreter reads words.
  const snapshot = received?.slice() ?? null;
  closeNetwork();
  // Emscripten reads the file system's constants by a call that the permission model refuses.
  Object.assign(self, { binding: () => ({ fs: constants }) });
  const wasm = new Uint8Array(await readFile(`${directory}pyodide.asm.wasm`));
  limitMemory(wasm, memoryLimit);
  const [module, pyodide, { default: factory }] = await Promise.all([
    WebAssembly.compile(wasm),
    import(`${directory}pyodide.mjs`),
    import(`${directory}pyodide.asm.mjs`),
  ]);
  const opened = await openInterpreter({ pyodide, factory, module, indexURL: directory, harness, snapshot });
  const scope = /** @type {any} */ (globalThis);
  for (const name of ["process", "require", "fetch", "WebSocket", "global", "navigator"]) delete scope[name];
  interpreter = opened;
  send({ kind: "ready", snapshot: opened.snapshot });
}

self.on("disconnect", () => self.exit());
self.on("message", (/** @type {any} */ message) => {
  if (message.kind === "open") {
    open(message).catch((error) => send({ kind: "broken", error: String(error).slice(0, 500) }));
  } else if (interpreter) {
    const started = now();
    const ran = interpreter.run(message.program);
    interpreter = null;
    send({ kind: "ran", token: message.token, ran, seconds: (now() - started) / 1000 });
  }
});
