/** Covariance functions with one length scale a dimension: squared exponential, and Matérn with ν = 5/2. */
export type KernelName = "rbf" | "matern52";

/** Correlation at the squared distance Σ (x_d − x'_d)² / ℓ_d² (Rasmussen and Williams 2006, Eq. 4.9 and 4.17). */
export function correlation(kernel: KernelName, squared: number): number {
  if (kernel === "rbf") return Math.exp(-squared / 2);
  const q = Math.sqrt(5 * squared);
  return (1 + q + (q * q) / 3) * Math.exp(-q);
}

/** g with ∂ correlation / ∂ log ℓ_d = g · (x_d − x'_d)² / ℓ_d². */
export function scaleSlope(kernel: KernelName, squared: number): number {
  if (kernel === "rbf") return Math.exp(-squared / 2);
  const q = Math.sqrt(5 * squared);
  return (5 / 3) * (1 + q) * Math.exp(-q);
}
