import { describe, expect, it } from "vitest";
import { scoreTable } from "../scoring/score-table";
import { choiceFacts, smallLayout, textFacts } from "../scoring/small-layout";
import { seededRandom } from "../seeded-random";
import { averageRanks } from "./average-rank";
import { consistency } from "./consistency";
import { spearman } from "./spearman";

const layout = smallLayout([
  {
    id: "lines",
    domain: "code",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: Array.from({ length: 200 }, () => choiceFacts(0, [5, 5])),
  },
  {
    id: "modules",
    domain: "code",
    outputType: "loglikelihood_rolling",
    accuracy: "token_acc",
    continuous: "byte_prob",
    facts: Array.from({ length: 60 }, (_, i) => textFacts(100 + i, 40)),
  },
  {
    id: "sums",
    domain: "math",
    outputType: "generate_until",
    accuracy: "exact_match",
    continuous: "target_prob",
    facts: Array.from({ length: 100 }, () => textFacts(3, 3)),
  },
]);

/** Items' difficulties are the same for every row; `noise` is the row's own. */
function row(skill: number, seed: number, noise = 0.2): Float32Array {
  const shared = seededRandom(1);
  const own = seededRandom(seed);
  const scores = new Float32Array(layout.floats);
  for (const { block, spec, facts } of layout.tasks) {
    for (let i = 0; i < block.items; i++) {
      const x = skill - 2 * shared() + noise * (own() - 0.5);
      const at = block.offset + i * block.width;
      if (spec.id === "lines") scores.set([x, -1], at);
      if (spec.id === "modules") scores.set([(x / 4 - 2) * facts[i]!.bytes[0]!, 20], at);
      if (spec.id === "sums") scores.set([0, x - 3], at);
    }
  }
  return scores;
}
const skills = Array.from({ length: 32 }, (_, i) => i / 32);
const references = skills.map((s, i) => row(s, 100 + i));
const proxies = skills.map((s, i) => row(s - 0.1, 200 + i, 1));

describe("consistency", () => {
  it("gives ρ, top-25 % ρ and recovery with intervals around them", () => {
    const { rows, items, mixtures } = consistency(layout, proxies, references, "continuous");
    expect(rows.map((r) => r.target)).toEqual(["macro", "domain:code", "domain:math"]);
    expect({ items, mixtures }).toEqual({ items: 360, mixtures: 32 });
    const score = (list: Float32Array[], target: string) =>
      list.map((s) => scoreTable(layout, s, "continuous")[target]!.value);
    const code = rows[1]!;
    expect(code.rho.value).toBeCloseTo(
      spearman(score(proxies, "domain:code"), score(references, "domain:code")),
      12,
    );
    expect(rows[0]!.rho.value).toBeCloseTo((rows[1]!.rho.value + rows[2]!.rho.value) / 2, 12);
    expect(code.rho.n).toBe(32);
    expect(code.top25.n).toBe(8);
    for (const { rho, top25, recovery } of rows) {
      for (const e of [rho, top25, recovery]) {
        expect(e.low).toBeLessThanOrEqual(e.value);
        expect(e.high).toBeGreaterThanOrEqual(e.value);
      }
      expect(rho.value).toBeGreaterThan(0.9);
      expect(rho.high - rho.low).toBeGreaterThan(0);
      expect(recovery.value).toBeLessThan(1);
    }
  });

  it("shows constant scores as undefined and counts them as 0 in the macro average", () => {
    const { rows } = consistency(layout, proxies, references, "accuracy", { bootstrap: 50, seed: 1 });
    expect(rows[2]!.rho.value).toBeNaN();
    expect(rows[0]!.rho.value).toBeCloseTo(rows[1]!.rho.value / 2, 12);
  });

  it("counts only items that all rows have scored, and repeats for a seed", () => {
    const cut = proxies.map((p, i) => (i === 3 ? Float32Array.from(p).fill(Number.NaN, 0, 100) : p));
    const a = consistency(layout, cut, references, "continuous", { bootstrap: 20, seed: 2 });
    expect(a.items).toBe(310);
    expect(consistency(layout, cut, references, "continuous", { bootstrap: 20, seed: 2 })).toEqual(a);
  });
});

describe("averageRanks", () => {
  it("ranks candidates among the references", () => {
    const [best, middle, worst] = averageRanks(
      layout,
      references,
      [row(2, 1), row(0.5, 2), row(-1, 3)],
      "continuous",
      { bootstrap: 100, seed: 1 },
    );
    expect(best!.average).toMatchObject({ value: 1, low: 1, high: 1, n: 32 });
    expect(worst!.average.value).toBe(33);
    expect(middle!.average.value).toBeGreaterThan(10);
    expect(middle!.average.value).toBeLessThan(24);
    const [own] = averageRanks(layout, references, [references[31]!], "continuous", {
      bootstrap: 9,
      seed: 1,
    });
    expect(own!.average).toMatchObject({ value: 1, n: 31 });
    expect(Object.keys(middle!.perDomain)).toEqual(["domain:code", "domain:math"]);
  });
});
