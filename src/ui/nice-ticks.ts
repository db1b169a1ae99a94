/** Round numbers inside [low, high], about `wanted` of them, in steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, wanted = 5): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Decimals that tell neighbouring ticks apart, the values shown times `scale`. */
export function tickDecimals(ticks: readonly number[], scale = 1): number {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) * scale;
  return step > 0 ? Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9))) : 0;
}
