import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finalAnswer, minervaScore, normalizeFinalAnswer } from "./minerva-answer";
import { answerOf } from "./minerva-math";
import { sameAnswer } from "./same-answer";

interface Values {
  readonly answers: readonly (readonly [string, string])[];
  readonly generated: readonly (readonly [string, string])[];
  readonly solutions: readonly (readonly [string, string | null])[];
  readonly groups: readonly {
    readonly normal: readonly string[];
    readonly equal: readonly (readonly [number, number])[];
  }[];
}

const values = JSON.parse(
  readFileSync(new URL("../../../reference/values/benchmarks/minerva.json", import.meta.url), "utf8"),
) as Values;

describe("answers as lm-eval's minerva tasks read them", () => {
  it("normalises each answer to the same text", () => {
    for (const [answer, normal] of values.answers) expect(normalizeFinalAnswer(answer), answer).toBe(normal);
  });
  it("finds the final answer of generated texts", () => {
    for (const [text, answer] of values.generated) expect(finalAnswer(text), text).toBe(answer);
  });
  it("takes the boxed answer of solutions", () => {
    for (const [text, answer] of values.solutions) expect(answerOf(text), text).toBe(answer);
  });
  it("finds the same pairs equal as sympy", () => {
    let pairs = 0;
    for (const { normal, equal } of values.groups) {
      const found = normal.flatMap((a, i) =>
        normal.flatMap((b, j) => (j > i && sameAnswer(a, b) ? [`${a} = ${b}`] : [])),
      );
      expect(found).toEqual(equal.map(([i, j]) => `${normal[i]} = ${normal[j]}`));
      pairs += equal.length;
    }
    expect(pairs).toBeGreaterThan(50);
  });
  it("scores a generated text against the item's answer", () => {
    const item = { context: "", target: "", targets: ["\\frac{1}{2}"], until: [], maxGenToks: 1 };
    const said = (answer: string) => `Final Answer: The final answer is ${answer}. I hope it is correct.`;
    expect(minervaScore(said("$0.5$"), item)).toBe(1);
    expect(minervaScore(said("$\\frac12$"), item)).toBe(1);
    expect(minervaScore(said("$2$"), item)).toBe(0);
    expect(minervaScore("It is $\\frac12$.", item)).toBe(0);
  });
});

describe("sameAnswer", () => {
  const part = fc.constantFrom(
    "1",
    "x",
    "|",
    "\\frac",
    "{",
    "}",
    "(",
    ")",
    "^",
    "+",
    "\\sqrt",
    "[",
    "]",
    ",",
    "_",
    "!",
    "\\sin",
  );
  const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(""));
  it("ends on any text, and says the same both ways", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(sameAnswer(a, b)).toBe(sameAnswer(b, a));
        expect(sameAnswer(a, a)).toBe(a !== "");
      }),
      { seed: 5, numRuns: 500 },
    );
  });
  it("gives up on bars that can be read in many ways", () => {
    expect(sameAnswer("x|".repeat(500), "1")).toBe(false);
    expect(sameAnswer("(".repeat(3000), "1")).toBe(false);
  });
  it("knows fractions of whole numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 999 }), (n, d) => {
        expect(sameAnswer(`\\frac{${n}}{${d}}`, `${n * 3}/${d * 3}`)).toBe(true);
        expect(sameAnswer(`\\frac{${n}}{${d}}`, `\\frac{${n + 1}}{${d}}`)).toBe(false);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
