/** A complex number as [real, imaginary]; NaN where an operation has no value. */
export type Complex = readonly [re: number, im: number];

export const real = (value: number): Complex => [value, 0];
export const NONE: Complex = [Number.NaN, Number.NaN];

export const add = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
export const subtract = (a: Complex, b: Complex): Complex => [a[0] - b[0], a[1] - b[1]];
export const multiply = (a: Complex, b: Complex): Complex =>
  a[1] === 0 && b[1] === 0 ? real(a[0] * b[0]) : [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];

export function divide(a: Complex, b: Complex): Complex {
  if (a[1] === 0 && b[1] === 0) return b[0] === 0 ? NONE : real(a[0] / b[0]);
  const size = b[0] * b[0] + b[1] * b[1];
  return size === 0 ? NONE : [(a[0] * b[0] + a[1] * b[1]) / size, (a[1] * b[0] - a[0] * b[1]) / size];
}

export const modulus = (a: Complex): number => Math.hypot(a[0], a[1]);

/** The principal value of a to the power b. */
export function power(a: Complex, b: Complex): Complex {
  if (a[0] === 0 && a[1] === 0) return b[1] === 0 && b[0] >= 0 ? real(b[0] === 0 ? 1 : 0) : NONE;
  if (a[1] === 0 && b[1] === 0 && (a[0] > 0 || Number.isInteger(b[0]))) return real(a[0] ** b[0]);
  const log: Complex = [Math.log(modulus(a)), Math.atan2(a[1], a[0])];
  const [re, im] = multiply(log, b);
  const size = Math.exp(re);
  return [size * Math.cos(im), size * Math.sin(im)];
}
