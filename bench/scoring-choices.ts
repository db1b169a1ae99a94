import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChoiceBrowser, choiceBrowser } from "./choice-browser";
import { choiceSets } from "./choice-items";
import type { ChoiceTimes } from "./choice-measure";
import { atMost, type BenchOptions, median, ratioAtLeast } from "./figure";
import { LineProcess } from "./line-process";

interface LmEvalTimes {
  readonly items: number;
  readonly seconds: number;
  readonly model: number;
  readonly acc: number;
}

const THREADS = 2;
const BATCH_SIZES = [8, 16, 32, 64];
/** Least ratio to lm-eval. */
const BARS: Readonly<Record<string, number>> = { "0-shot": 3, "5-shot": 10 };

/**
 * Items per second of choice tasks with the demo base: a measurement of prepared tasks here, and lm-eval's `evaluate` on the
 * same items at its best batch size, in turns. lm-eval runs where $LM_EVAL names a Python that has it.
 */
export async function benchChoices(options: BenchOptions): Promise<void> {
  const { root, set, say } = options;
  const { source, sets } = choiceSets(root);
  const folder = mkdtempSync(join(tmpdir(), "demix-bench-"));
  const file = join(folder, "items.json");
  writeFileSync(file, JSON.stringify(sets));
  const base = join(set, "base");
  const ours = (backend: string) => {
    const flags = ["--base", base, "--items", file, "--backend", backend, "--threads", String(THREADS)];
    const script = join(root, "bench", "choice-run.ts");
    return new LineProcess<ChoiceTimes>(backend, process.execPath, ["--import", "tsx", script, ...flags], {
      cwd: root,
    });
  };
  const python = process.env.LM_EVAL;
  const theirs = python
    ? new LineProcess<LmEvalTimes>(
        "lm-eval",
        python,
        [join(root, "reference", "lm_eval_speed.py"), base, file, "--threads", String(THREADS)],
        { cwd: root, env: { ...process.env, TOKENIZERS_PARALLELISM: "false" } },
      )
    : null;
  const browser = await choiceBrowser(root, base, sets, say).catch((error: Error) => {
    say(`no figures of a browser: ${error.message}`);
    return null;
  });
  const wasm = ours("wasm-threads");
  const native = ours("native");
  say(`0-shot items: ${source}`);
  if (!theirs) say("lm-eval is not measured: LM_EVAL names no Python that has it");
  try {
    for (const [name, items] of Object.entries(sets)) {
      say(`${name}: ${items.length} items`);
      await compare(options, name, { wasm, native, browser, theirs });
    }
  } finally {
    for (const one of [wasm, native, theirs]) one?.close();
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly wasm: LineProcess<ChoiceTimes>;
  readonly native: LineProcess<ChoiceTimes>;
  readonly browser: ChoiceBrowser | null;
  readonly theirs: LineProcess<LmEvalTimes> | null;
}

interface Round {
  readonly wasm: ChoiceTimes;
  readonly native: ChoiceTimes | null;
  readonly browser: ChoiceTimes | null;
  readonly theirs: LmEvalTimes | null;
}

async function compare(
  { report, say, repeat }: BenchOptions,
  name: string,
  { wasm, native, browser, theirs }: Sides,
): Promise<void> {
  const first = await wasm.ask(name);
  let hasNative = true;
  await native.ask(name).catch((error: Error) => {
    hasNative = false;
    say(`no native figures: ${error.message}`);
  });
  await browser?.measure(name);
  let size = 0;
  let best = Infinity;
  for (const batch of theirs ? BATCH_SIZES : []) {
    const { seconds } = await theirs!.ask(`${name} ${batch}`);
    if (seconds < best) [size, best] = [batch, seconds];
  }
  const rounds: Round[] = [];
  for (let i = 0; i < repeat; i++)
    rounds.push({
      wasm: await wasm.ask(name),
      native: hasNative ? await native.ask(name) : null,
      browser: browser && (await browser.measure(name)),
      theirs: theirs && (await theirs.ask(`${name} ${size}`)),
    });
  const times = rounds.map((r) => r.wasm);
  const rate = first.items / median(times.map((t) => t.seconds));
  const baseline = (side: "wasm" | "native" | "browser", of: "seconds" | "model") => {
    const both = rounds.flatMap((r) => (r.theirs && r[side] ? [{ ours: r[side], theirs: r.theirs }] : []));
    if (both.length === 0) return {};
    const value = first.items / median(both.map((r) => r.theirs[of]));
    const ratio = median(both.map((r) => r.theirs[of] / r.ours.seconds));
    const what = of === "seconds" ? "lm-eval" : "lm-eval's loglikelihood alone";
    return { baseline: { name: `${what}, batch ${size}`, value, ratio } };
  };
  const label = `scoring/${name}`;
  const bar = BARS[name];
  const unit = "items/s";
  report({
    name: `${label}, wasm`,
    value: rate,
    unit,
    ...baseline("wasm", "seconds"),
    ...(theirs && bar !== undefined && { bar: ratioAtLeast(bar) }),
    note: `${(first.tokens / first.items).toFixed(1)} tokens an item, accuracy ${first.acc.toFixed(4)}${rounds[0]?.theirs ? `, lm-eval's ${rounds[0].theirs.acc.toFixed(4)}` : ""}`,
  });
  if (theirs) report({ name: `${label}, wasm`, value: rate, unit, ...baseline("wasm", "model") });
  if (hasNative) {
    const value = first.items / median(rounds.map((r) => r.native!.seconds));
    report({ name: `${label}, native`, value, unit, ...baseline("native", "seconds") });
  }
  if (browser) {
    const value = first.items / median(rounds.map((r) => r.browser!.seconds));
    report({ name: `${label}, Chromium`, value, unit, ...baseline("browser", "seconds") });
  }
  const whole = first.items / (first.preparing + first.seconds);
  report({ name: `${label}, wasm, first time`, value: whole, unit, note: "with tokenising and packing" });
  report({ name: `${label}, padding`, value: first.padding * 100, unit: "%", bar: atMost(5) });
}
