import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random";
import { standardError } from "./interval";
import { itemsToSeparate, pairedDifference, tied } from "./paired";
import { scoreTable, targetsOf } from "./score-table";
import { choiceFacts, smallLayout, textFacts } from "./small-layout";

const items = 200;
const layout = smallLayout([
  {
    id: "words",
    domain: "general",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: Array.from({ length: items }, () => choiceFacts(0, [5, 5])),
  },
  {
    id: "texts",
    domain: "general",
    outputType: "loglikelihood_rolling",
    accuracy: "token_acc",
    continuous: "byte_prob",
    facts: Array.from({ length: 50 }, (_, i) => textFacts(100 + i, 40)),
  },
  {
    id: "sums",
    domain: "math",
    outputType: "generate_until",
    accuracy: "exact_match",
    continuous: "target_prob",
    facts: Array.from({ length: 40 }, () => textFacts(3, 3)),
  },
]);

/** Item scores with a difficulty shared by all rows of a seed and a `skill` that lifts every item. */
function row(skill: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  const scores = new Float32Array(layout.floats);
  for (const { block, spec, facts } of layout.tasks) {
    for (let i = 0; i < block.items; i++) {
      const hard = 2 * random();
      const at = block.offset + i * block.width;
      if (spec.id === "words") scores.set([-1 + skill, -hard], at);
      if (spec.id === "texts") scores.set([(-1 - hard / 4 + skill / 4) * facts[i]!.bytes[0]!, 20], at);
      if (spec.id === "sums") scores.set([hard + skill > 1.5 ? 1 : 0, -3 * hard + skill], at);
    }
  }
  return scores;
}

describe("scoreTable", () => {
  it("lists targets in display order", () => {
    expect(targetsOf(layout).map((t) => t.id)).toEqual([
      "macro",
      "domain:general",
      "task:words",
      "task:texts",
      "domain:math",
      "task:sums",
    ]);
  });

  it("averages tasks into domains and domains into the macro average, errors in quadrature", () => {
    const t = scoreTable(layout, row(0), "continuous");
    const general = (t["task:words"]!.value + t["task:texts"]!.value) / 2;
    expect(t["domain:general"]!.value).toBeCloseTo(general, 12);
    expect(t.macro!.value).toBeCloseTo((general + t["task:sums"]!.value) / 2, 12);
    expect(t.macro!.n).toBe(290);
    const expected = Math.hypot(standardError(t["task:words"]!), standardError(t["task:texts"]!)) / 2;
    expect(standardError(t["domain:general"]!) / expected).toBeCloseTo(1, 1);
  });

  it("has no domain value before each of its tasks has one", () => {
    const scores = row(0);
    scores.fill(Number.NaN, layout.tasks[1]!.block.offset);
    const t = scoreTable(layout, scores, "accuracy");
    expect(t["task:words"]!.n).toBe(items);
    expect(t["domain:general"]!.value).toBeNaN();
    expect(t.macro!.value).toBeNaN();
  });

  it("covers the population mean about 95 % of the time", () => {
    // P(hard > 1) = .5 is the accuracy of "words" at skill 0.
    let inside = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { low, high } = scoreTable(layout, row(0, seed), "accuracy")["task:words"]!;
      if (low <= 0.5 && 0.5 <= high) inside++;
    }
    expect(inside / 400).toBeGreaterThan(0.92);
    expect(inside / 400).toBeLessThan(0.98);
  });
});

describe("pairedDifference", () => {
  it("sees a small difference that separate intervals hide", () => {
    const a = row(0.05);
    const b = row(0);
    const d = pairedDifference(layout, a, b, "continuous")["task:texts"]!;
    const left = scoreTable(layout, a, "continuous")["task:texts"]!;
    const right = scoreTable(layout, b, "continuous")["task:texts"]!;
    expect(d.value).toBeCloseTo(left.value - right.value, 12);
    expect(tied(d)).toBe(false);
    expect(left.low).toBeLessThan(right.high);
    expect(itemsToSeparate(d)).toBeLessThanOrEqual(50);
  });

  it("is antisymmetric and zero on itself, with a width where answers could differ", () => {
    const d = pairedDifference(layout, row(0.3), row(0), "accuracy").macro!;
    const e = pairedDifference(layout, row(0), row(0.3), "accuracy").macro!;
    expect(d.value).toBeCloseTo(-e.value, 12);
    expect(d.low).toBeCloseTo(-e.high, 12);
    const same = pairedDifference(layout, row(0), row(0), "accuracy")["task:words"]!;
    expect(same.value).toBe(0);
    expect(same.high).toBeGreaterThan(0);
    expect(tied(same)).toBe(true);
    expect(itemsToSeparate(same)).toBe(Number.POSITIVE_INFINITY);
  });

  it("compares common items only", () => {
    const a = row(0.3);
    const half = row(0);
    half.fill(Number.NaN, 100 * 2, 200 * 2);
    const d = pairedDifference(layout, a, half, "accuracy")["task:words"]!;
    expect(d.n).toBe(100);
  });
});
