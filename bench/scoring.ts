import { spawn } from "node:child_process";
import { join } from "node:path";
import { against, type BenchOptions, median, ratioAtLeast } from "./figure";

/** Times of one backend's process. */
export interface ScoringTimes {
  /** Tokens computed by one complete measurement, padding aside. */
  readonly tokens: number;
  /** Runs of a graph in it. */
  readonly runs: number;
  readonly rounds: {
    /** A complete measurement: merge, packing, scoring, generation. */
    seconds: number;
    /** Of those, inside session.run. */
    inRuns: number;
    /** The same runs with the same feeds in a bare loop, right afterwards. */
    bare: number;
  }[];
}

/** Tokens per second of one complete measurement, beside the bare session and beside native onnxruntime. */
export async function benchScoring(options: BenchOptions): Promise<void> {
  const { report, say } = options;
  for (const threads of [2, 1]) {
    const times = await runScoring(options, threads > 1 ? "wasm-threads" : "wasm", threads);
    const { tokens, rounds } = times;
    const name = `scoring/wasm, ${threads} ${threads > 1 ? "threads" : "thread"}`;
    say(`${tokens} tokens in ${times.runs} runs of the graphs`);
    const rate = tokens / median(rounds.map((r) => r.seconds));
    const bare = tokens / median(rounds.map((r) => r.bare));
    // Rounds are compared pair by pair, so that a change of the machine's load between them cancels out.
    const ratio = median(rounds.map((r) => r.bare / r.seconds));
    report({
      name,
      value: rate,
      unit: "tokens/s",
      baseline: { name: "bare session.run loop", value: bare, ratio },
      bar: ratioAtLeast(0.8),
      note: "complete measurement with its merge",
    });
    const inside = median(rounds.map((r) => r.inRuns / r.seconds));
    report({ name: `${name}: time inside session.run`, value: inside * 100, unit: "%" });
    try {
      const native = await runScoring(options, "native", threads);
      const nativeRate = tokens / median(native.rounds.map((r) => r.bare));
      report({
        name: `${name}, against native`,
        value: rate,
        unit: "tokens/s",
        baseline: against("native session.run loop", rate, nativeRate),
      });
    } catch (error) {
      say(`no native baseline: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function runScoring(
  { root, set, repeat }: BenchOptions,
  backend: string,
  threads: number,
): Promise<ScoringTimes> {
  const script = join(root, "bench", "scoring-run.ts");
  const flags = Object.entries({ set, backend, threads, repeat }).flatMap(([k, v]) => [`--${k}`, String(v)]);
  const child = spawn(process.execPath, ["--import", "tsx", script, ...flags], { cwd: root });
  let out = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    out += String(data);
  });
  child.stderr.on("data", (data) => {
    errors += String(data);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const last = out.trim().split("\n").at(-1) ?? "";
      if (code === 0 && last.startsWith("{")) resolve(JSON.parse(last) as ScoringTimes);
      else reject(new Error(`${backend} ended with ${code}: ${errors.trim().slice(-600)}`));
    });
  });
}
