import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { against, type BenchOptions, median, plain, ratioAtLeast } from "./figure";
import { makeLargeSet } from "./large-set";

interface Run {
  readonly seconds: number;
  /** Bytes of the largest resident set. */
  readonly peak: number;
}

const METHODS = [
  { name: "linear", bar: 5, base: false, parameters: "{weight: 0.5}" },
  { name: "ties", bar: 10, base: true, parameters: "{weight: 0.5, density: 0.5}" },
] as const;
const GB = 1e9;

/**
 * Three checkpoints of 0.75 B parameters in bfloat16 merged from disk (warm cache) to written files, by the command line and
 * by mergekit-yaml where $MERGEKIT names it: time and peak memory. Then the peak of a merge of seven components of 0.6 B.
 */
export async function benchMergeLarge({ root, repeat, report, say }: BenchOptions): Promise<void> {
  const work = join(root, ".work", "large");
  const folders = await makeLargeSet({ folder: join(work, "untied"), components: 2, tied: false }, say);
  const out = join(work, "out");
  const mergekit = process.env.MERGEKIT;
  if (!mergekit) say("set MERGEKIT to the path of mergekit-yaml 0.1.5 to compare with it");
  for (const { name, bar, base, parameters } of METHODS) {
    const yaml = join(work, `${name}.yaml`);
    await writeFile(yaml, mergeYaml(name, folders, base, parameters));
    const ours = await several(repeat, out, folders, () => replay(root, yaml, out));
    const theirs = mergekit
      ? await several(repeat, out, folders, () =>
          timed(mergekit, [yaml, out, "--no-lazy-unpickle"], { HF_HUB_OFFLINE: "1" }),
        )
      : null;
    report({
      name: `merge/3 × 0.75 B bf16, ${name}, end to end`,
      value: ours.seconds,
      unit: "s",
      ...(theirs && {
        baseline: against("mergekit-yaml's rate", 1 / ours.seconds, 1 / theirs.seconds),
        bar: ratioAtLeast(bar),
      }),
      ...(theirs && { note: `mergekit-yaml ${plain(theirs.seconds)} s` }),
    });
    report({
      name: `merge/3 × 0.75 B bf16, ${name}, peak memory`,
      value: ours.peak / GB,
      unit: "GB",
      ...(theirs && {
        baseline: against("mergekit-yaml", ours.peak, theirs.peak),
        bar: { of: "ratio" as const, kind: "at most" as const, limit: 0.2 },
      }),
    });
  }
  await benchSeven(root, work, report, say);
}

/** Peak memory of seven components of 0.6 B: one tensor of each component, its result, and 300 MB. */
async function benchSeven(
  root: string,
  work: string,
  report: BenchOptions["report"],
  say: BenchOptions["say"],
): Promise<void> {
  const folders = await makeLargeSet({ folder: join(work, "tied"), components: 7, tied: true }, say);
  const out = join(work, "out");
  const largest = 151_936 * 1024 * 2;
  for (const [method, base] of [
    ["linear", false],
    ["ties", true],
    ["multislerp", false],
  ] as const) {
    const yaml = join(work, `seven-${method}.yaml`);
    const models = base ? folders : folders.slice(1);
    await writeFile(yaml, mergeYaml(method, models, base, "{weight: 0.14285714285714285}"));
    const run = await several(1, out, folders, () => replay(root, yaml, out));
    report({
      name: `merge/7 × 0.6 B bf16, ${method}, peak memory`,
      value: run.peak / GB,
      unit: "GB",
      bar: { of: "value", kind: "at most", limit: (largest * (base ? 9 : 8) + 300e6) / GB },
      note: `${plain(run.seconds)} s; the bar is one tensor of each model, its result and 300 MB`,
    });
  }
  await rm(out, { recursive: true, force: true });
}

function mergeYaml(method: string, folders: readonly string[], base: boolean, parameters: string): string {
  const models = base ? folders.slice(1) : folders;
  const lines = [
    "models:",
    ...models.flatMap((f) => [`  - model: ${JSON.stringify(f)}`, `    parameters: ${parameters}`]),
    `merge_method: ${method}`,
    ...(base ? [`base_model: ${JSON.stringify(folders[0])}`] : []),
    "dtype: bfloat16",
  ];
  return `${lines.join("\n")}\n`;
}

async function several(
  times: number,
  out: string,
  folders: readonly string[],
  run: () => Promise<Run>,
): Promise<Run> {
  const runs: Run[] = [];
  for (let i = 0; i < times; i++) {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    for (const folder of folders) await warm(folder);
    runs.push(await run());
  }
  return { seconds: median(runs.map((r) => r.seconds)), peak: Math.max(...runs.map((r) => r.peak)) };
}

const replay = (root: string, yaml: string, out: string): Promise<Run> =>
  timed(process.execPath, [
    "--import",
    "tsx",
    join(root, "src/engine/node/replay.ts"),
    yaml,
    "--merged",
    out,
  ]);

/** Reads a folder's files once, so that they are in the system's cache. */
async function warm(folder: string): Promise<void> {
  const buffer = Buffer.alloc(8 * 2 ** 20);
  for (const name of await readdir(folder)) {
    if (!(await stat(join(folder, name))).isFile()) continue;
    const file = await open(join(folder, name));
    while ((await file.read(buffer, 0, buffer.length, null)).bytesRead > 0);
    await file.close();
  }
}

/** Runs a command and watches the largest resident set of its process (VmHWM, Linux). */
function timed(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...env },
    });
    let peak = 0;
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors = `${errors}${chunk}`.slice(-2000);
    });
    const watch = setInterval(() => {
      try {
        const text = readFileSync(`/proc/${child.pid}/status`, "utf8");
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024);
      } catch {
        // The process is gone, or this is no Linux.
      }
    }, 50);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      if (code !== 0) return reject(new Error(`${command} ended with ${code}: ${errors}`));
      resolve({ seconds: (performance.now() - started) / 1000, peak });
    });
  });
}
