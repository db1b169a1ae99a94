import { atMost, type BenchOptions } from "./figure";
import type { PageProbe } from "./page-probe";

const CAUSES = 3;
/** Tasks of the main thread below this length are not recorded by browsers. */
const RECORDED_FROM = 50;

/** The longest main-thread task of the probes, and what ran in the longest frames. */
export function reportLongTasks(
  { report, say }: BenchOptions,
  name: string,
  probes: readonly PageProbe[],
): void {
  const tasks = probes.flatMap((p) => p.longTasks.map((t) => t.ms));
  const longest = Math.max(RECORDED_FROM, ...tasks);
  const note = tasks.length === 0 ? "none above 50 ms" : `${tasks.length} above 50 ms`;
  report({ name, value: longest, unit: "ms", bar: atMost(RECORDED_FROM), note });
  if (tasks.length === 0) return;
  const frames = probes.flatMap((p) => p.longFrames).sort((a, b) => b.ms - a.ms);
  for (const { start, ms, scripts } of frames.slice(0, CAUSES)) {
    const what = scripts.length > 0 ? scripts.join("; ") : "no script: style, layout, paint or parsing";
    say(`frame of ${Math.round(ms)} ms at ${Math.round(start)} ms: ${what}`);
  }
}
