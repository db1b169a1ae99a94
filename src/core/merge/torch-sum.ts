/*
 * The order in which torch 2.13 on a CPU adds K rows with `sum(dim=0)`, and K numbers with `sum()`: in float32 it decides the
 * last bits. It does not depend on the vector instructions of the CPU. Measured with reference/mergekit_values.py.
 */

/** Rows that are added up by themselves before their sum joins the total. */
const CHUNK = 16;
/** Numbers of one row that torch adds side by side. */
const LANES = 8;

/**
 * How many elements at the end of rows of `length` elements (float32, or else 16-bit) are summed in four strands: see
 * `BlockOps.sumRows`.
 */
export function strandedTail(length: number, sixteenBit: boolean): number {
  return length % (length < (sixteenBit ? 2 * LANES : LANES) ? 4 : 32);
}

/** Σ of a few float32 numbers as torch sums a vector of them. */
export function torchSum(numbers: readonly number[], sixteenBit = false): number {
  const lanes = sixteenBit ? 2 * LANES : LANES;
  if (numbers.length < lanes) return strandedSum(numbers);
  const whole = numbers.length - (numbers.length % lanes);
  let sum = 0;
  for (const number of numbers.slice(whole)) sum = Math.fround(sum + number);
  for (let lane = 0; lane < lanes; lane++) {
    const own = numbers.filter((_, i) => i < whole && i % lanes === lane);
    sum = Math.fround(sum + strandedSum(own));
  }
  return sum;
}

/** Four strands: rows j, j + 4, … in strand j, the last K mod 4 rows in strand 0; then the strands one after the other. */
export function strandedSum(terms: ArrayLike<number>): number {
  const whole = terms.length - (terms.length % 4);
  let sum = chunkedSum(terms, 0, 4, whole);
  for (let k = whole; k < terms.length; k++) sum = Math.fround(sum + terms[k]!);
  for (let j = 1; j < 4; j++) sum = Math.fround(sum + chunkedSum(terms, j, 4, whole));
  return sum;
}

/**
 * Σ of terms from, from + step, … below `end`: chunks of 16 are added up and their sums added to a second total, 16 of those
 * to a third; then rest, second and third total.
 */
export function chunkedSum(terms: ArrayLike<number>, from = 0, step = 1, end: number = terms.length): number {
  let rest = 0;
  let second = 0;
  let third = 0;
  let count = 0;
  for (let k = from; k < end; k += step) {
    rest = Math.fround(rest + terms[k]!);
    if (++count % CHUNK) continue;
    second = Math.fround(second + rest);
    rest = 0;
    if (count % CHUNK ** 2) continue;
    third = Math.fround(third + second);
    second = 0;
  }
  return Math.fround(Math.fround(rest + second) + third);
}

/** See `BlockOps.sumRows`; not rounded. */
export function sumRows(rows: readonly Float32Array[], tail: number, out: Float32Array): void {
  const ordered = out.length - tail;
  const head = out.subarray(0, ordered).fill(0);
  if (rows.length < CHUNK) {
    for (const row of rows) for (let i = 0; i < ordered; i++) head[i]! += row[i]!;
  } else {
    const terms = new Float32Array(rows.length);
    for (let i = 0; i < ordered; i++) head[i] = chunkedSum(column(rows, i, terms));
  }
  const terms = new Float32Array(rows.length);
  for (let i = ordered; i < out.length; i++) out[i] = strandedSum(column(rows, i, terms));
}

/** See `BlockOps.sumAgreeing`; neither rounded nor guarded against a divisor of 0. */
export function sumAgreeing(
  rows: readonly Float32Array[],
  weights: readonly number[],
  majority: Float32Array,
  tail: number,
  sum: Float32Array,
  divisor: Float32Array,
): void {
  const ordered = sum.length - (rows.length < CHUNK ? tail : sum.length);
  sum.fill(0);
  divisor.fill(0);
  for (const [k, row] of rows.entries()) {
    const weight = Math.fround(weights[k]!);
    for (let i = 0; i < ordered; i++) {
      const value = row[i]!;
      const agrees = majority[i]! >= 0 ? value > 0 : value < 0;
      sum[i]! += agrees ? value : value * 0;
      divisor[i]! += agrees ? weight : weight * 0;
    }
  }
  const terms = new Float32Array(rows.length);
  const kept = new Float32Array(rows.length);
  for (let i = ordered; i < sum.length; i++) {
    const positive = majority[i]! >= 0;
    for (const [k, row] of rows.entries()) {
      const value = row[i]!;
      const agrees = positive ? value > 0 : value < 0;
      terms[k] = agrees ? value : value * 0;
      kept[k] = agrees ? weights[k]! : 0;
    }
    const add = i < sum.length - tail ? chunkedSum : strandedSum;
    sum[i] = add(terms);
    divisor[i] = add(kept);
  }
}

function column(rows: readonly Float32Array[], i: number, terms: Float32Array): Float32Array {
  for (let k = 0; k < terms.length; k++) terms[k] = rows[k]![i]!;
  return terms;
}
