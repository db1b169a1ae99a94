/**
 * Lower Cholesky factor of a symmetric positive definite n × n matrix (row-major; only its lower triangle is read),
 * in place, upper triangle set to 0. False when the matrix is not positive definite to working precision.
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    for (let j = 0; j < i; j++) {
      const rj = j * n;
      let sum = a[ri + j]!;
      for (let k = 0; k < j; k++) sum -= a[ri + k]! * a[rj + k]!;
      a[ri + j] = sum / a[rj + j]!;
    }
    let pivot = a[ri + i]!;
    for (let k = 0; k < i; k++) pivot -= a[ri + k]! * a[ri + k]!;
    if (!(pivot > 0)) return false;
    a[ri + i] = Math.sqrt(pivot);
    a.fill(0, ri + i + 1, ri + n);
  }
  return true;
}

/** Solves L v = b in place. */
export function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * b[k]!;
    b[i] = sum / factor[i * n + i]!;
  }
}

/** Solves L Lᵀ x = b in place. */
export function solveCholesky(factor: Float64Array, n: number, b: Float64Array): void {
  solveLower(factor, n, b);
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i]! / factor[i * n + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k]! -= factor[i * n + k]! * value;
  }
}

/** (L Lᵀ)⁻¹, n × n row-major, symmetric; `work` (n × n) holds L⁻¹ afterwards. */
export function inverseFromCholesky(
  factor: Float64Array,
  n: number,
  inverse: Float64Array,
  work: Float64Array,
): void {
  work.fill(0);
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    const d = 1 / factor[ri + i]!;
    for (let k = 0; k < i; k++) {
      const f = -factor[ri + k]! * d;
      const rk = k * n;
      for (let j = 0; j <= k; j++) work[ri + j]! += f * work[rk + j]!;
    }
    work[ri + i] = d;
  }
  inverse.fill(0);
  for (let k = 0; k < n; k++) {
    const rk = k * n;
    for (let i = 0; i <= k; i++) {
      const f = work[rk + i]!;
      const ri = i * n;
      for (let j = 0; j <= i; j++) inverse[ri + j]! += f * work[rk + j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j]!;
}
