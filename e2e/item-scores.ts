import { expect } from "@playwright/test";
import { layout } from "./demo-files";

/** Item log-likelihoods of two backends may differ by this much, in nats. */
export const LOG_LIKELIHOOD = 1e-3;

const argmax = (values: readonly number[]): number =>
  values.reduce((best, v, i) => (v > values[best]! || Number.isNaN(values[best]!) ? i : best), 0);

/**
 * Two rows of item scores of the same mixture: every log-likelihood within 1e-3, and every choice, greedy count and
 * exact match the same. Items that `measured` has not scored are left out; gives the number of items compared.
 */
export function expectEqualItems(
  measured: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): number {
  expect(measured.length).toBe(layout.floats);
  expect(expected.length).toBe(layout.floats);
  let worst = 0;
  let items = 0;
  const apart: string[] = [];
  for (const { spec, block } of layout.tasks) {
    for (let i = 0; i < block.items; i++) {
      const from = block.offset + i * block.width;
      if (Number.isNaN(measured[from]!)) continue;
      items++;
      const [a, b] = [measured, expected].map((row) =>
        Array.from({ length: block.width }, (_, k) => row[from + k]!),
      ) as [number[], number[]];
      const exact: readonly number[] =
        spec.outputType === "multiple_choice" ? [] : spec.outputType === "generate_until" ? [0] : [1];
      for (const [k, value] of a.entries()) {
        if (exact.includes(k)) {
          if (value !== b[k]) apart.push(`${spec.id} ${i}: ${value} and ${b[k]}`);
        } else if (Number.isNaN(value) || Number.isNaN(b[k]!)) {
          if (Number.isNaN(value) !== Number.isNaN(b[k]!)) apart.push(`${spec.id} ${i}: one is missing`);
        } else worst = Math.max(worst, Math.abs(value - b[k]!));
      }
      if (spec.outputType === "multiple_choice" && argmax(a) !== argmax(b))
        apart.push(`${spec.id} ${i}: chooses ${argmax(a)} and ${argmax(b)}`);
    }
  }
  expect(apart, `${what}: choices that differ`).toEqual([]);
  expect(worst, `${what}: largest difference of a log-likelihood`).toBeLessThan(LOG_LIKELIHOOD);
  return items;
}
