/** Four lanes of a constant in memory: engines build a constant vector of four instructions wherever it is used. */
@inline
export function lanes(constant: usize): v128 {
  return v128.load32_splat(constant);
}

/** Two lanes. */
@inline
export function wideLanes(constant: usize): v128 {
  return v128.load64_splat(constant);
}
