/** Ranks 1…n in ascending order; equal values share the average of their ranks. */
export function averageTiedRanks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's ρ with average ranks for ties; NaN when a side is constant, holds a NaN or has fewer than two values. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`spearman: ${x.length} and ${y.length} values`);
  const n = x.length;
  for (let i = 0; i < n; i++) if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) return Number.NaN;
  if (n < 2) return Number.NaN;
  const a = averageTiedRanks(x);
  const b = averageTiedRanks(y);
  const middle = (n + 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const u = a[i]! - middle;
    const v = b[i]! - middle;
    xy += u * v;
    xx += u * u;
    yy += v * v;
  }
  if (xx === 0 || yy === 0) return Number.NaN;
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}
