/** Percentile rank in [0, 1] of every value among all of them; ties share the middle of their range. */
export function percentileRanks(values: Float64Array): Float64Array {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  return values.map((v) => (lowerBound(sorted, v) + upperBound(sorted, v)) / (2 * n));
}

/** Mean over targets of the percentile rank (paper: over domains): each domain counts the same, whatever its spread. */
export function meanPercentileRank(perTarget: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(perTarget[0]?.length ?? 0);
  for (const values of perTarget) {
    const ranks = percentileRanks(values);
    for (let i = 0; i < sum.length; i++) sum[i]! += ranks[i]! / perTarget.length;
  }
  return sum;
}

/** Indices of the k largest values, largest first; equal values in index order. */
export function topIndices(values: Float64Array, k: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const least = sorted[Math.max(0, sorted.length - k)] ?? Number.POSITIVE_INFINITY;
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i]! >= least) found.push(i);
  return found.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, k);
}

function lowerBound(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < v) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= v) low = middle + 1;
    else high = middle;
  }
  return low;
}
