// @ts-check
/**
 * One Python interpreter for one program, in a worker of the sandbox or in a child process of Node. It is handed over as
 * text and run as it stands: it imports nothing.
 */

/** Bytes of the interpreter's files outside its memory: one file, all files, and how many there may be. */
const FILE_BYTES = 16 << 20;
const ALL_FILE_BYTES = 64 << 20;
const FILES = 20_000;
/** POSIX: no space left on device. */
const ENOSPC = 51;

/** Built-in modules of the interpreter that reach into memory or JavaScript: struck from its table of modules. */
const STRUCK = new Set([
  "_ctypes",
  "_pyodide_core",
  "_remote_debugging",
  "_testbuffer",
  "_testcapi",
  "_testclinic",
  "_testclinic_limited",
  "_testinternalcapi",
  "_testlimitedcapi",
  "_xxtestfuzz",
  "posix",
  "xxsubtype",
]);

/** Nothing is ever installed: an index of no packages. */
const NO_PACKAGES = {
  info: {
    abi_version: "2026_0",
    arch: "wasm32",
    platform: "emscripten",
    python: "3.14.2",
    version: "314.0.7",
  },
  packages: {},
};

/**
 * The interpreter's program with `bytes` of memory at most, a limit that the WebAssembly engine itself then keeps.
 * Rewrites the maximum in the module's memory section, in place; throws where the module is not laid out as expected.
 * @param {Uint8Array} wasm
 * @param {number} bytes
 */
export function limitMemory(wasm, bytes) {
  let at = 8;
  /** LEB128. */
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = /** @type {number} */ (wasm[at++]);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const size = number();
    if (section !== 5) {
      at += size;
      continue;
    }
    if (number() !== 1 || number() !== 1) break;
    const pages = Math.floor(bytes / 65_536);
    if (number() > pages) throw new RangeError("the memory limit is below what the interpreter itself takes");
    const start = at;
    if (number() < pages) return;
    for (let i = start; i < at; i++) {
      wasm[i] = (Math.floor(pages / 128 ** (i - start)) & 127) | (i + 1 < at ? 128 : 0);
    }
    return;
  }
  throw new Error("the interpreter has no memory section of its own");
}

/**
 * @typedef {object} Parts
 * @property {any} pyodide The module pyodide.mjs.
 * @property {any} factory The default export of pyodide.asm.mjs.
 * @property {WebAssembly.Module} module
 * @property {string} indexURL Where the loader believes its files are.
 * @property {string} harness
 * @property {Uint8Array | null} snapshot Of an interpreter that was prepared before; null to prepare one.
 *
 * @typedef {{ passed: true } | { passed: false, error: string, memory: boolean, fatal: boolean }} Ran
 */

/**
 * Starts an interpreter. `run` may be called once.
 * @param {Parts} parts
 * @returns {Promise<{ snapshot: Uint8Array | null, run: (program: string) => Ran }>}
 */
export async function openInterpreter({ pyodide, factory, module, indexURL, harness, snapshot }) {
  const instantiate = WebAssembly.instantiate;
  /** @type {(source: any, imports: any) => Promise<any>} */
  const compiled = async (source, imports) =>
    source instanceof WebAssembly.Module
      ? instantiate(source, imports)
      : { module, instance: await instantiate(module, imports) };
  WebAssembly.instantiate = /** @type {any} */ (compiled);
  WebAssembly.instantiateStreaming = compiled;
  const silent = () => {};
  const python = await pyodide.loadPyodide({
    indexURL,
    createPyodideModule: factory,
    lockFileContents: NO_PACKAGES,
    jsglobals: {},
    stdin: () => null,
    stdout: silent,
    stderr: silent,
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  });
  /** @type {Uint8Array | null} */
  let made = null;
  if (!snapshot) {
    python.runPython(harness);
    strikeModules(python._module);
    made = python.makeMemorySnapshot();
  }
  python.setStdin({ error: true });
  const discard = { write: (/** @type {Uint8Array} */ bytes) => bytes.length, isatty: false };
  python.setStdout(discard);
  python.setStderr(discard);
  limitFiles(python._module.FS);
  const run = python.globals.get("_run");
  return {
    snapshot: made,
    run: (program) => {
      try {
        const result = run(program);
        if (result === true) return { passed: true };
        const error = String(result);
        return { passed: false, error, memory: error.startsWith("MemoryError"), fatal: false };
      } catch (error) {
        return { passed: false, error: String(error).slice(0, 500), memory: false, fatal: true };
      }
    },
  };
}

/**
 * Strikes modules from every copy of CPython's table of built-in modules, so that no import can make them again.
 * @param {any} python
 */
function strikeModules(python) {
  /** @type {Uint32Array} */
  const words = python.HEAPU32;
  const table = /** @type {number} */ (words[python._PyImport_Inittab >>> 2]) >>> 2;
  const head = words.slice(table, table + 4);
  for (let copy = 0; copy < words.length - 4; copy++) {
    if (words[copy] !== head[0] || !head.every((word, i) => words[copy + i] === word)) continue;
    for (let entry = copy; words[entry]; entry += 2) {
      const name = python.UTF8ToString(words[entry]);
      // The name's own end, an empty text: its start may be the head of the table that is looked for.
      if (STRUCK.has(name)) words[entry] = /** @type {number} */ (words[entry]) + name.length;
    }
  }
}

/**
 * Files lie in JavaScript's memory, which has no limit of its own.
 * @param {any} fs Emscripten's file system.
 */
function limitFiles(fs) {
  const memory = fs.filesystems.MEMFS;
  const { createNode, expandFileStorage, resizeFileStorage } = memory;
  let files = 0;
  let total = 0;
  /** @type {(node: any, size: number) => void} */
  const check = (node, size) => {
    const more = size - (node.contents?.length ?? 0);
    if (more <= 0) return;
    if (size > FILE_BYTES || total + more > ALL_FILE_BYTES) throw new fs.ErrnoError(ENOSPC);
    total += more;
  };
  const { stream } = memory.ops_table.file;
  const { write } = stream;
  // A first write replaces the contents without asking for storage.
  stream.write = (/** @type {any[]} */ ...args) => {
    const [{ node }, , , length, position] = args;
    if (node.usedBytes === 0 && position === 0) check(node, length);
    return write.apply(null, args);
  };
  memory.createNode = (/** @type {any[]} */ ...args) => {
    files += 1;
    if (files > FILES) throw new fs.ErrnoError(ENOSPC);
    return createNode.apply(memory, args);
  };
  memory.expandFileStorage = (/** @type {any} */ node, /** @type {number} */ size) => {
    check(node, size);
    expandFileStorage.call(memory, node, size);
  };
  memory.resizeFileStorage = (/** @type {any} */ node, /** @type {number} */ size) => {
    check(node, size);
    resizeFileStorage.call(memory, node, size);
  };
}
