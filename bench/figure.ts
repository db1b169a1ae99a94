/** One printed line: a value, where there is one its ratio to a baseline of the same run, and the bar it is held to. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly value: number; readonly ratio: number };
  readonly bar?: Bar;
  /** What is and is not in the value. */
  readonly note?: string;
}

export interface Bar {
  /** Which number the bar is about. */
  readonly of: "value" | "ratio";
  readonly kind: "at most" | "at least";
  readonly limit: number;
}

/** Hands over each figure as soon as it is known. */
export type Report = (figure: Figure) => void;

/** What every group gets. */
export interface BenchOptions {
  readonly root: string;
  /** Folder of the component set, for the groups in Node. */
  readonly set: string;
  readonly repeat: number;
  /** False serves the build of an earlier run. */
  readonly build: boolean;
  readonly backends: readonly string[];
  /** Proxies of each search round. */
  readonly rounds: readonly number[];
  readonly report: Report;
  readonly say: (line: string) => void;
}

/** `name`'s value as a multiple of the other one's. */
export const against = (name: string, value: number, baseline: number): NonNullable<Figure["baseline"]> => ({
  name,
  value: baseline,
  ratio: value / baseline,
});

export const atMost = (limit: number): Bar => ({ of: "value", kind: "at most", limit });
export const ratioAtLeast = (limit: number): Bar => ({ of: "ratio", kind: "at least", limit });

/** Whether a figure meets its bar; null without a bar. A missing value meets none. */
export function meets({ value, baseline, bar }: Figure): boolean | null {
  if (!bar) return null;
  const number = bar.of === "value" ? value : (baseline?.ratio ?? Number.NaN);
  return bar.kind === "at most" ? number <= bar.limit : number >= bar.limit;
}

/** One line; the number is never rounded so far that it would seem to meet a bar. */
export function line(figure: Figure): string {
  const { name, value, unit, baseline, bar, note } = figure;
  const met = meets(figure);
  const parts = [
    name.padEnd(44),
    `${plain(value)} ${unit}`.padStart(18),
    baseline ? `${plain(baseline.ratio)} × ${baseline.name} (${plain(baseline.value)})` : "",
    bar ? `bar: ${bar.of} ${bar.kind} ${bar.limit}, ${met ? "met" : "NOT MET"}` : "",
    note ? `[${note}]` : "",
  ];
  return parts.filter(Boolean).join("  ");
}

export function plain(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return size >= 1000 ? Math.round(value).toString() : size >= 100 ? value.toFixed(1) : value.toPrecision(3);
}

/** Quantile by linear interpolation; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Seconds of the fastest of `times` calls after one to warm up: for work that fits in memory and never waits. */
export async function fastest(times: number, work: () => unknown): Promise<number> {
  await work();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}
