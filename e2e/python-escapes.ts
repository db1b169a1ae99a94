/** Programs that end without an exception only if they get out; `net` is an address that counts what reaches it. */
export const escapes = (net: string): Record<string, string> => {
  const [host, port] = new URL(net).host.split(":");
  return {
    "import js": "import js",
    "js.fetch": `from js import fetch\nfetch("${net}")`,
    pyodide_js: "import pyodide_js",
    pyfetch: `from pyodide.http import pyfetch, open_url\nopen_url("${net}")`,
    run_js: 'from pyodide.code import run_js\nrun_js("1")',
    "the interpreter's core": "import _pyodide_core",
    "the core, by importlib": 'import importlib\nimportlib.import_module("_pyodide_core")',
    "the core, past the import system":
      'import _imp, importlib.machinery as m\nassert _imp.create_builtin(m.ModuleSpec("_pyodide_core", None)) is not None',
    "memory, past the import system":
      'import _imp, importlib.machinery as m\nassert _imp.create_builtin(m.ModuleSpec("_ctypes", None)) is not None',
    ctypes: "import ctypes\nctypes.string_at(0, 8)",
    "a JavaScript object found among the interpreter's": [
      "import gc",
      'assert any("JsProxy" in type(o).__name__ for o in gc.get_objects())',
    ].join("\n"),
    "a JavaScript object behind a class": [
      "found = []",
      "for c in object.__subclasses__():",
      "    for v in list(vars(c).values()):",
      '        for x in list(getattr(v, "__globals__", {}).values()):',
      '            if type(x).__name__ in ("JsProxy", "JsFinder") or getattr(x, "__name__", "") == "run_js":',
      "                found.append(x)",
      "assert found",
    ].join("\n"),
    urllib: `import urllib.request\nurllib.request.urlopen("${net}", timeout=1)`,
    socket: `import socket\nsocket.create_connection(("${host}", ${port}), 1).send(b"GET / HTTP/1.0\\r\\n\\r\\n")`,
    "a raw socket": `import _socket\n_socket.socket().connect(("${host}", ${port}))`,
    asyncio: `import asyncio\nasyncio.run(asyncio.open_connection("${host}", ${port}))`,
    webbrowser: `import webbrowser\nassert webbrowser.open("${net}")`,
    subprocess: 'import subprocess\nsubprocess.run(["ls"], check=True)',
    system: 'import os\nassert os.system("ls") == 0',
    "a thread": "import threading\nthreading.Thread(target=print).start()",
    "the machine's files": 'import os\nassert os.path.exists("/usr/bin") or os.path.exists("/etc/passwd")',
    input: "input()",
    "an audit hook switched off": [
      "import sys",
      "main = sys.modules['__main__']",
      "main._audit = lambda *a: None",
      "main.PermissionError = main.ImportError = None",
      "import ctypes",
    ].join("\n"),
    "a module made anew":
      "import importlib, sys\nsys.settrace = None\nimportlib.reload(sys)\nsys.settrace(None)",
    "an unending file": [
      "import os",
      "for i in range(1000):",
      '    with open(f"/tmp/{i}", "wb") as f: f.write(b"x" * 10**7)',
    ].join("\n"),
    "a file as long as memory": 'with open("/tmp/long", "wb") as f: f.truncate(1 << 33)',
  };
};

/** One program that tries them all, and fails with the names of those that got through. */
export const tryAll = (programs: Record<string, string>): string =>
  [
    "out = []",
    `for name, source in ${JSON.stringify(Object.entries(programs))}:`,
    "    try:",
    "        exec(source, {})",
    "        out.append(name)",
    "    except BaseException:",
    "        pass",
    "raise AssertionError(out)",
  ].join("\n");

/** Programs whose tests fail, and that try to pass all the same. */
export const forgeries: Record<string, string> = {
  "exit before the tests": "raise SystemExit(0)\nassert False",
  "exit()": "exit(0)\nassert False",
  "os._exit": "import os\nos._exit(0)\nassert False",
  abort: "import os\nos.abort()\nassert False",
  "words that look like a verdict": [
    `print('{"kind": "ran", "ran": {"passed": true}}', "passed", True)`,
    "import sys",
    `sys.stderr.write("passed")`,
    `raise AssertionError("passed")`,
  ].join("\n"),
  "an exception dressed as success": [
    "import builtins",
    "class E(BaseException):",
    '    def __str__(self): return ""',
    'E.__name__ = ""',
    "builtins.BaseException = builtins.AssertionError = builtins.Exception = E",
    "builtins.type = builtins.str = builtins.repr = lambda *a: True",
    "raise E",
  ].join("\n"),
  "a jump over the tests": [
    "import sys",
    "def jump(frame, event, arg):",
    "    frame.f_lineno = 9",
    "    return jump",
    "sys._getframe().f_trace = jump",
    "sys.settrace(jump)",
    "assert False",
    "",
    "done = 1",
  ].join("\n"),
  "the runner's own variables": [
    "import sys",
    "frame = sys._getframe(1)",
    'frame.f_locals["error"] = None',
    'frame.f_globals["_run"] = lambda program: True',
    'frame.f_builtins["exec"] = lambda *a: None',
    "assert False",
  ].join("\n"),
  "the runner's own code":
    'import sys\nmain = sys.modules["__main__"]\nmain._run.__code__ = (lambda program: True).__code__\nassert False',
};

/**
 * JavaScript in place of the sandbox's worker, as if a program had broken out of the interpreter into it: tries
 * everything that a worker can reach, and answers with the names of what it could.
 */
export const reachFromWorker = (net: string): string => `
addEventListener("message", async () => {
  const reached = [];
  const within = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(no, 700))]);
  const attempt = async (name, body) => { try { await within(body()); reached.push(name); } catch {} };
  const settles = (target, good, bad) => new Promise((yes, no) => { target["on" + good] = yes; target["on" + bad] = no; });
  const net = "${net}";
  await Promise.all([
    attempt("fetch", () => fetch(net, { mode: "no-cors" })),
    attempt("XMLHttpRequest", () => { const x = new XMLHttpRequest(); x.open("GET", net, false); x.send(); }),
    attempt("WebSocket", () => settles(new WebSocket(net.replace("http", "ws")), "open", "error")),
    attempt("EventSource", () => settles(new EventSource(net), "open", "error")),
    attempt("WebTransport", () => new WebTransport(net.replace("http:", "https:")).ready),
    attempt("importScripts", () => importScripts(net)),
    attempt("import", () => import(net)),
    attempt("import of data", () => import("data:text/javascript,0")),
    attempt("a worker from the network", () => settles(new Worker(net), "message", "error")),
    attempt("a font", () => new FontFace("x", "url(" + net + ")").load()),
    attempt("eval", () => eval("1")),
    attempt("Function", () => new Function("return 1")()),
    attempt("a timer with text", () => new Promise((yes) => { self.yes = yes; setTimeout("yes()", 0); })),
    attempt("indexedDB", () => settles(indexedDB.open("x"), "success", "error")),
    attempt("caches", () => caches.open("x")),
    attempt("navigator.storage", () => navigator.storage.getDirectory()),
    attempt("localStorage", () => localStorage.length),
    attempt("parent", () => parent.document),
    attempt("document", () => document.body),
    attempt("a broadcast to the page", () => {
      const channel = new BroadcastChannel("page");
      channel.postMessage("from the sandbox");
      return settles(channel, "message", "messageerror");
    }),
  ]);
  postMessage({ kind: "broken", error: "reached: " + reached.join(", ") + "." });
});
`;

/** JavaScript in place of the worker that answers a program by an unending flood of messages. */
export const floodFromWorker = `
let opened = false;
addEventListener("message", () => {
  if (!opened) { opened = true; postMessage({ kind: "ready", snapshot: new ArrayBuffer(8) }); return; }
  const text = "x".repeat(1e4);
  for (;;) postMessage({ kind: "ran", text });
});
`;

/** JavaScript in place of the worker that answers program "0" with the first of `answers`, and so on. */
export const forgeFromWorker = (answers: readonly string[]): string => `
addEventListener("message", ({ data }) => {
  if (data.kind === "open") postMessage({ kind: "ready", snapshot: new ArrayBuffer(8) });
  else postMessage([${answers.join(", ")}][Number(data.program)]);
});
`;
