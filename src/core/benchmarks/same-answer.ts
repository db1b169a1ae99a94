import { type Complex, modulus, real, subtract } from "./complex";
import { type Expression, latexExpression } from "./latex-expression";
import { nameNumber } from "./latex-functions";

/** Relative difference up to which two values are one. */
const TOLERANCE = 1e-13;
/** Places at which expressions with symbols are compared. */
const PLACES = 3;

/**
 * Whether two normalised answers are equal, where lm-eval asks sympy to simplify their difference to 0: the same text, or
 * LaTeX expressions with the same value wherever it is computed. It differs from sympy's verdict where sympy finds no
 * simplification, where values differ by less than 1e-13 of themselves, and for integrals, sums, limits and derivatives,
 * which are equal here only as texts.
 */
export function sameAnswer(a: string, b: string): boolean {
  if (a !== "" && a === b) return true;
  const left = latexExpression(a);
  const right = left && latexExpression(b);
  if (!left || !right) return false;
  for (let place = 0; place < PLACES; place++) if (!sameValue(left, right, place)) return false;
  return true;
}

function sameValue(left: Expression, right: Expression, place: number): boolean {
  const at = (name: string): Complex => real(0.3 + 2 * nameNumber(`${place}${name}`));
  const [a, b] = [left(at), right(at)];
  const difference = modulus(subtract(a, b));
  return difference <= TOLERANCE * Math.max(modulus(a), modulus(b)) && Number.isFinite(difference);
}
