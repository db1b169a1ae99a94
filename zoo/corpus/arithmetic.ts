import type { Rng } from "./rng";

export type Operator = "+" | "-" | "*";

/** One step of arithmetic with whole non-negative numbers. */
export interface Sum {
  a: number;
  b: number;
  operator: Operator;
}

export function evaluate({ a, b, operator }: Sum): number {
  if (operator === "+") return a + b;
  return operator === "-" ? a - b : a * b;
}

/** A number that is mostly small: up to 10 half of the time, then up to 20, seldom up to 60. */
export function amount(rng: Rng): number {
  const draw = rng.next();
  if (draw < 0.5) return rng.int(2, 10);
  return draw < 0.85 ? rng.int(3, 20) : rng.int(10, 60);
}

export function drawSum(rng: Rng): Sum {
  const draw = rng.next();
  if (draw < 0.45) return { a: amount(rng), b: amount(rng), operator: "+" };
  if (draw < 0.8) {
    const b = amount(rng);
    return { a: b + amount(rng), b, operator: "-" };
  }
  return { a: rng.int(2, 9), b: rng.int(2, 9), operator: "*" };
}

export function expression({ a, b, operator }: Sum): string {
  return `${a} ${operator} ${b}`;
}

/** A wrong result near the right one: a slip of the kind that a tired pupil makes. */
export function slip(rng: Rng, right: number): number {
  const wrong = right + rng.pick([-10, -3, -2, -1, 1, 2, 3, 10]);
  return wrong >= 0 && wrong !== right ? wrong : right + rng.int(1, 3);
}
