import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const child = fileURLToPath(new URL("./python-child.mjs", import.meta.url));
const interpreter = fileURLToPath(new URL("../../../workers/python/interpreter.mjs", import.meta.url));
const harnessFile = fileURLToPath(new URL("../../../workers/python/harness.py", import.meta.url));
/** MB of JavaScript's own memory in a child: the interpreter's lies outside, under its own limit. */
const HEAP_MB = 256;

export const ChildMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready"), snapshot: z.nullable(z.instanceof(Uint8Array)) }),
  z.strictObject({ kind: z.literal("broken"), error: z.string() }),
  z.strictObject({
    kind: z.literal("ran"),
    token: z.string(),
    seconds: z.number(),
    ran: z.discriminatedUnion("passed", [
      z.strictObject({ passed: z.literal(true) }),
      z.strictObject({
        passed: z.literal(false),
        error: z.string(),
        memory: z.boolean(),
        fatal: z.boolean(),
      }),
    ]),
  }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;

/** One child process with one interpreter: may read the interpreter's files, and write, start and connect to nothing. */
export interface PythonProcess {
  readonly memoryLimit: number;
  /** Its first message: "ready", or why not. */
  readonly ready: Promise<ChildMessage | null>;
  send(message: object): void;
  /** The next message; null when it did not come within so many seconds, or the process ended. */
  next(seconds: number): Promise<ChildMessage | null>;
  stop(): void;
}

export function startPythonProcess(memoryLimit: number, snapshot: Uint8Array | null): PythonProcess {
  const require = createRequire(import.meta.url);
  const directory = `${dirname(require.resolve("pyodide/package.json"))}/`;
  const ws = dirname(createRequire(`${directory}package.json`).resolve("ws/package.json"));
  const permission =
    Number(process.versions.node.split(".")[0]) < 23 ? "--experimental-permission" : "--permission";
  const readable = [child, interpreter, `${directory}*`, `${ws}/*`];
  const forked = fork(child, [], {
    execArgv: [
      permission,
      ...readable.map((path) => `--allow-fs-read=${path}`),
      "--disallow-code-generation-from-strings",
      `--max-old-space-size=${HEAP_MB}`,
      "--no-warnings",
    ],
    env: {},
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const next = listen(forked);
  const harness = readFileSync(harnessFile, "utf8");
  // Where it has ended already, that is what the first message says.
  const send = (message: object): void => void forked.send(message, () => undefined);
  const ready = next(60);
  send({ kind: "open", directory, harness, memoryLimit, snapshot });
  return { memoryLimit, ready, send, next, stop: () => void forked.kill("SIGKILL") };
}

function listen(forked: ChildProcess): PythonProcess["next"] {
  let heard: (message: ChildMessage | null) => void = () => undefined;
  let ended = false;
  forked.on("message", (data) => {
    const message = ChildMessage.safeParse(data);
    if (message.success) heard(message.data);
    else forked.kill("SIGKILL");
  });
  forked.on("error", () => heard(null));
  forked.on("exit", () => {
    ended = true;
    heard(null);
  });
  return (seconds) =>
    new Promise((resolve) => {
      const settle = (message: ChildMessage | null): void => {
        clearTimeout(timer);
        // What comes unasked is the program's doing.
        heard = () => forked.kill("SIGKILL");
        resolve(message);
      };
      const timer = setTimeout(() => settle(null), seconds * 1000);
      heard = settle;
      if (ended) settle(null);
    });
}
