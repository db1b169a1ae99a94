// @ts-check
/**
 * The sandbox's frame: it starts a worker for every program, stops it at the time limit, and passes on a verdict only when
 * the worker said exactly what it should, once. Whatever else a worker says ends it, so that a flood of messages is one.
 */
(() => {
  /** Seconds that an interpreter may take to start. */
  const START_LIMIT = 60;
  /** Seconds beyond the time limit after which a worker is ended; what it reports itself decides within them. */
  const GRACE = 0.25;

  /** @typedef {{ id: number, program: string, timeLimit: number, memoryLimit: number }} Job */

  /** @param {any} given @param {MessagePort} port */
  function open({ sources, wasm, stdlib, harness, parallel, memoryLimit }, port) {
    /** @param {string} text */
    const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const urls = {
      interpreter: address(sources.interpreter),
      pyodide: address(sources.pyodide),
      factory: address(sources.factory),
    };
    const workerUrl = address(sources.worker);
    /** @type {{ bytes: number, module: Promise<WebAssembly.Module> } | null} */
    let compiled = null;
    /** @type {Promise<ArrayBuffer> | null} */
    let snapshot = null;
    /** @type {Job[]} */
    const queue = [];
    /** @type {Map<number, () => void>} */
    const running = new Map();
    /** @type {ReturnType<typeof start>[]} */
    const spare = [];
    let busy = 0;
    let limit = memoryLimit;

    /** @param {number} bytes */
    const moduleFor = (bytes) => {
      if (compiled?.bytes !== bytes) {
        const module = import(urls.interpreter).then(({ limitMemory }) => {
          const copy = new Uint8Array(wasm.slice(0));
          limitMemory(copy, bytes);
          return WebAssembly.compile(copy);
        });
        compiled = { bytes, module };
      }
      return compiled.module;
    };

    /** Starts an interpreter; the first one also makes the snapshot from which the others start. @param {number} bytes */
    function start(bytes) {
      const worker = new Worker(workerUrl);
      /** @type {(message: any) => void} */
      let heard = () => {};
      const stop = () => worker.terminate();
      worker.onmessage = ({ data }) => heard(data ?? {});
      worker.onmessageerror = () => heard({ kind: "broken", error: "unreadable message" });
      worker.onerror = (event) => {
        event.preventDefault();
        heard({ kind: "broken", error: String(event.message).slice(0, 500) });
      };
      /** @param {number} seconds @returns {Promise<any>} The next message; null when it did not come in time. */
      const next = (seconds) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => settle(null), seconds * 1000);
          const settle = (/** @type {any} */ message) => {
            clearTimeout(timer);
            // What comes unasked is the program's doing: the worker is ended at once.
            heard = stop;
            resolve(message);
          };
          heard = settle;
        });
      const begin = async () => {
        const module = await moduleFor(bytes);
        const from = snapshot ? new Uint8Array(await snapshot) : null;
        const message = next(START_LIMIT);
        worker.postMessage({ kind: "open", urls, module, stdlib, harness, snapshot: from });
        const ready = await message;
        if (ready?.kind === "ready") return { error: "", snapshot: ready.snapshot };
        stop();
        return { error: ready?.error ?? "it did not start in time", snapshot: null };
      };
      const ready = begin().catch((error) => ({ error: String(error).slice(0, 500), snapshot: null }));
      return { bytes, ready, worker, next, stop };
    }

    /** @param {Job} job @param {AbortSignal} cancelled @returns {Promise<any>} */
    async function run(job, cancelled) {
      limit = job.memoryLimit;
      const fitting = spare.findIndex(({ bytes }) => bytes === limit);
      const interpreter = fitting >= 0 ? /** @type {any} */ (spare.splice(fitting, 1)[0]) : start(limit);
      cancelled.addEventListener("abort", interpreter.stop);
      try {
        const { error } = await Promise.race([interpreter.ready, aborted(cancelled)]);
        if (cancelled.aborted) return null;
        if (error) return { kind: "crashed", error: `the interpreter did not start: ${error}` };
        const token = crypto.getRandomValues(new Uint32Array(4)).join("-");
        const answer = interpreter.next(job.timeLimit + GRACE);
        interpreter.worker.postMessage({ kind: "run", token, program: job.program });
        const message = await Promise.race([answer, aborted(cancelled)]);
        if (cancelled.aborted) return null;
        if (message === null) return { kind: "timeout" };
        return verdictOf(message, token, job);
      } finally {
        interpreter.stop();
      }
    }

    /** Keeps interpreters ready for the programs that wait, or for the next one. */
    function fill() {
      while (busy < parallel && queue.length > 0) {
        const job = /** @type {Job} */ (queue.shift());
        const cancel = new AbortController();
        running.set(job.id, () => cancel.abort());
        busy += 1;
        run(job, cancel.signal)
          .catch((error) => ({ kind: "crashed", error: String(error).slice(0, 500) }))
          .then((verdict) => {
            busy -= 1;
            running.delete(job.id);
            port.postMessage({ id: job.id, verdict });
            fill();
          });
      }
      for (const stale of spare.filter(({ bytes }) => bytes !== limit)) {
        spare.splice(spare.indexOf(stale), 1);
        stale.stop();
      }
      while (snapshot && spare.length < parallel) spare.push(start(limit));
    }

    port.onmessage = ({ data }) => {
      if (data.kind === "run") {
        queue.push(data);
        fill();
        return;
      }
      const waiting = queue.findIndex(({ id }) => id === data.id);
      if (waiting >= 0) {
        queue.splice(waiting, 1);
        port.postMessage({ id: data.id, verdict: null });
      } else running.get(data.id)?.();
    };

    const first = start(memoryLimit);
    first.ready.then(({ error, snapshot: made }) => {
      first.stop();
      if (made instanceof ArrayBuffer) {
        snapshot = Promise.resolve(made);
        fill();
      }
      port.postMessage({ started: true, error });
    });
  }

  /** @param {AbortSignal} signal @returns {Promise<any>} */
  const aborted = (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve({});
      signal.addEventListener("abort", () => resolve({}));
    });

  /** @param {any} message @param {string} token @param {Job} job */
  function verdictOf(message, token, { timeLimit }) {
    const { kind, ran, seconds } = message;
    if (kind === "broken") return { kind: "crashed", error: String(message.error).slice(0, 500) };
    if (kind !== "ran" || message.token !== token || typeof seconds !== "number") {
      return { kind: "crashed", error: "the program interfered with the interpreter" };
    }
    if (seconds > timeLimit) return { kind: "timeout" };
    if (ran.passed === true) return { kind: "passed" };
    if (ran.memory === true) return { kind: "memory" };
    return { kind: ran.fatal === true ? "crashed" : "failed", error: String(ran.error).slice(0, 600) };
  }

  addEventListener("message", ({ source, data, ports: [port] }) => {
    if (source === parent && port) open(data, port);
  });
})();
