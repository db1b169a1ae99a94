import { type Complex, divide, NONE, real } from "./complex";

const plain: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  ln: Math.log,
  lg: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  csc: (x) => 1 / Math.sin(x),
  sec: (x) => 1 / Math.cos(x),
  cot: (x) => 1 / Math.tan(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arccsc: (x) => Math.asin(1 / x),
  arcsec: (x) => Math.acos(1 / x),
  arccot: (x) => Math.atan(1 / x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arsinh: Math.asinh,
  arcosh: Math.acosh,
  artanh: Math.atanh,
};

export const isFunction = (name: string): boolean => Object.hasOwn(plain, name);

/** A function of LaTeX at a real number; `base` is that of a logarithm. */
export function applyFunction(name: string, argument: Complex, base: Complex | null): Complex {
  if (argument[1] !== 0 || (base && base[1] !== 0)) return NONE;
  if (base && /^l(?:og|n|g)$/.test(name)) return divide(real(Math.log(argument[0])), real(Math.log(base[0])));
  return real(plain[name]!(argument[0]));
}

/** A function that nothing is known of, `f(x)` for instance: smooth, and another one for each name. */
export function unknownFunction(name: string, values: readonly Complex[]): Complex {
  const seed = nameNumber(name);
  let sum = seed;
  for (const [i, value] of values.entries()) {
    if (value[1] !== 0) return NONE;
    sum += value[0] * (1 + seed) * (i + 1.37);
  }
  return real(2 + Math.sin(sum) + seed);
}

/** A number between 0 and 1 that depends on every character of a name. */
export function nameNumber(name: string): number {
  let hash = 2166136261;
  for (const char of name) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619);
  return (hash >>> 0) / 2 ** 32;
}

export function factorial(value: Complex): Complex {
  const n = value[0];
  if (value[1] !== 0 || !Number.isInteger(n) || n < 0 || n > 170) return NONE;
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return real(product);
}

export function binomial(n: Complex, k: Complex): Complex {
  if (n[1] !== 0 || k[1] !== 0 || !Number.isInteger(k[0]) || k[0] < 0 || k[0] > 1000) return NONE;
  let value = 1;
  for (let i = 1; i <= k[0]; i++) value = (value * (n[0] - k[0] + i)) / i;
  return real(Number.isInteger(n[0]) ? Math.round(value) : value);
}
