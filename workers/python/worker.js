// @ts-check
/**
 * The sandbox's worker: one interpreter, one program. Its address is opaque, its content security policy lets it reach
 * nothing, and it speaks to the frame alone: "ready" once, then one verdict that carries the token it was given.
 */
(() => {
  const scope = /** @type {any} */ (self);
  const post = scope.postMessage.bind(scope);
  const now = performance.now.bind(performance);
  // The loader asks for its files by `fetch`; nothing else in this worker may ask for anything.
  for (const name of [
    "postMessage",
    "onmessage",
    "Worker",
    "SharedWorker",
    "BroadcastChannel",
    "importScripts",
  ]) {
    for (let at = scope; at; at = Object.getPrototypeOf(at)) delete at[name];
  }
  for (const name of ["WebSocket", "XMLHttpRequest", "EventSource", "WebTransport", "indexedDB", "caches"]) {
    for (let at = scope; at; at = Object.getPrototypeOf(at)) delete at[name];
  }

  /** @type {{ run: (program: string) => import("./interpreter.mjs").Ran } | null} */
  let interpreter = null;

  /** @param {any} parts */
  async function open({ urls, module, stdlib, harness, snapshot }) {
    scope.fetch = async (/** @type {unknown} */ url) =>
      new Response(String(url).endsWith(".zip") ? stdlib : new Uint8Array());
    const [{ openInterpreter }, pyodide, { default: factory }] = await Promise.all([
      import(urls.interpreter),
      import(urls.pyodide),
      import(urls.factory),
    ]);
    const indexURL = "https://sandbox.invalid/";
    const opened = await openInterpreter({ pyodide, factory, module, indexURL, harness, snapshot });
    for (let at = scope; at; at = Object.getPrototypeOf(at)) delete at.fetch;
    interpreter = opened;
    const { buffer } = opened.snapshot ?? {};
    post({ kind: "ready", snapshot: buffer ?? null }, buffer ? [buffer] : []);
  }

  scope.addEventListener("message", (/** @type {MessageEvent} */ { data }) => {
    if (data.kind === "open") {
      open(data).catch((error) => post({ kind: "broken", error: String(error).slice(0, 500) }));
    } else if (interpreter) {
      const { token, program } = data;
      const started = now();
      const ran = interpreter.run(program);
      interpreter = null;
      post({ kind: "ran", token, ran, seconds: (now() - started) / 1000 });
    }
  });
})();
