import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random";
import { argmax, sampleToken } from "./sampling";

const logits = Float32Array.from([9, 9, 1, 3, 2, 3, -1, 0.5, 9, 9]);
const [FROM, TO] = [2, 8];
const greedy = { temperature: 0, seed: 1 };

/** Shares of 20,000 draws. */
function shares(sampling: Parameters<typeof sampleToken>[3]): number[] {
  const random = seededRandom(5);
  const counts = new Array<number>(TO - FROM).fill(0);
  for (let i = 0; i < 20_000; i++) counts[sampleToken(logits, FROM, TO, sampling, random())]!++;
  return counts.map((n) => n / 20_000);
}

function softmax(temperature: number, tokens: readonly number[]): number[] {
  const weights = Array.from({ length: TO - FROM }, (_, i) =>
    tokens.includes(i) ? Math.exp(logits[FROM + i]! / temperature) : 0,
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

const close = (a: readonly number[], b: readonly number[]) => {
  for (const [i, share] of a.entries()) expect(Math.abs(share - b[i]!)).toBeLessThan(0.015);
};

describe("sampling", () => {
  it("takes the first of the largest logits at temperature 0", () => {
    expect(argmax(logits, FROM, TO)).toBe(1);
    for (const u of [0, 0.3, 0.999]) expect(sampleToken(logits, FROM, TO, greedy, u)).toBe(1);
  });

  it("draws from the softmax at its temperature", () => {
    for (const temperature of [0.5, 1, 3])
      close(shares({ temperature, seed: 1 }), softmax(temperature, [0, 1, 2, 3, 4, 5]));
  });

  it("keeps the largest k, and with them what equals the last of them", () => {
    close(shares({ temperature: 1, topK: 2, seed: 1 }), softmax(1, [1, 3]));
    close(shares({ temperature: 1, topK: 1, seed: 1 }), softmax(1, [1, 3]));
    close(shares({ temperature: 2, topK: 3, seed: 1 }), softmax(2, [1, 2, 3]));
    close(shares({ temperature: 1, topK: 60, seed: 1 }), softmax(1, [0, 1, 2, 3, 4, 5]));
  });

  it("keeps the smallest part with the mass, at least one token", () => {
    const [p] = [softmax(1, [0, 1, 2, 3, 4, 5])];
    close(shares({ temperature: 1, topP: p[1]! * 0.99, seed: 1 }), softmax(1, [1]));
    close(shares({ temperature: 1, topP: p[1]! * 1.5, seed: 1 }), softmax(1, [1, 3]));
    close(shares({ temperature: 1, topP: p[1]! * 2 + p[2]! * 0.5, seed: 1 }), softmax(1, [1, 2, 3]));
    close(shares({ temperature: 1, topP: 0, seed: 1 }), softmax(1, [1]));
    // The mass is that of what topK has left.
    close(shares({ temperature: 1, topK: 3, topP: 0.9, seed: 1 }), softmax(1, [1, 2, 3]));
  });

  it("gives a token inside the range for every draw", () => {
    const values = fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 30 });
    const options = fc.record({
      temperature: fc.double({ min: 0.01, max: 5, noNaN: true }),
      topK: fc.integer({ min: 0, max: 40 }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.constant(0),
    });
    const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(values, options, u, (row, sampling, draw) => {
        const token = sampleToken(Float32Array.from(row), 0, row.length, sampling, draw);
        expect(token).toBeGreaterThanOrEqual(0);
        expect(token).toBeLessThan(row.length);
        if (sampling.topK === 1) expect(Math.fround(row[token]!)).toBe(Math.max(...row.map(Math.fround)));
      }),
    );
  });
});
