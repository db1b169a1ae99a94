import { expect, it } from "vitest";
import { choiceFacts, smallLayout, textFacts } from "../../core/scoring/small-layout";
import { countFlips, isGained, isLost, itemPairs } from "./flips";
import { goldLogLikelihoods, itemTitle, itemVerdicts, shares } from "./item-values";

const layout = smallLayout([
  {
    id: "c",
    domain: "d",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_ll",
    facts: [choiceFacts(0, [1, 1]), choiceFacts(1, [1, 1]), choiceFacts(0, [1, 1])],
  },
  {
    id: "g",
    domain: "d",
    outputType: "generate_until",
    accuracy: "exact_match",
    continuous: "target_ll",
    facts: [textFacts(3, 1), textFacts(3, 1)],
  },
  {
    id: "r",
    domain: "d",
    outputType: "loglikelihood_rolling",
    accuracy: "token_acc",
    continuous: "bits_per_byte",
    facts: [textFacts(9, 4)],
  },
]);
const NaN_ = Number.NaN;
// Choices: right, wrong, not scored; generated: wrong, right; text.
const a = Float32Array.from([-1, -2, -1, -2, NaN_, NaN_, 0, -5, 1, -4, -7, 2]);
const b = Float32Array.from([-3, -2, -4, -2, -1, -2, 1, -3, 1, -4, -6, 3]);

it("says what is right and wrong, and how likely the gold is", () => {
  expect(itemVerdicts(layout.tasks[0]!, a)).toEqual(["right", "wrong", null]);
  expect(itemVerdicts(layout.tasks[1]!, a)).toEqual(["wrong", "right"]);
  expect(itemVerdicts(layout.tasks[2]!, a)).toEqual([null]);
  expect([...goldLogLikelihoods(layout.tasks[0]!, a)]).toEqual([-1, -2, NaN_]);
  expect([...goldLogLikelihoods(layout.tasks[1]!, a)]).toEqual([-5, -4]);
  expect([...goldLogLikelihoods(layout.tasks[2]!, a)]).toEqual([-7]);
});

it("pairs the items that both have scored and counts what flipped", () => {
  const pairs = itemPairs(layout, a, b);
  expect(pairs.map((p) => [p.task, p.item, p.gain])).toEqual([
    [0, 0, -2],
    [0, 1, 0],
    [1, 0, 2],
    [1, 1, 0],
    [2, 0, 1],
  ]);
  expect(pairs.filter(isGained).map((p) => [p.task, p.item])).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(pairs.filter(isLost).map((p) => [p.task, p.item])).toEqual([[0, 0]]);
  expect(countFlips(layout, pairs)).toEqual([
    { task: 0, common: 2, gained: 1, lost: 1, meanGain: -1 },
    { task: 1, common: 2, gained: 1, lost: 0, meanGain: 1 },
    { task: 2, common: 1, gained: 0, lost: 0, meanGain: 1 },
  ]);
});

it("names an item by where its question stands", () => {
  const long = "x".repeat(300);
  expect(itemTitle({ context: `${long}\nWhy?`, choices: ["a", "b"], gold: 0 })).toMatch(/^… x+ Why\?$/);
  expect(itemTitle({ text: `Once ${long}` })).toMatch(/^Once x+ …$/);
  expect(itemTitle({ context: "", choices: [" the end", " no"], gold: 0 })).toBe("the end");
  expect(shares([Math.log(0.2), Math.log(0.6)]).map((x) => x.toFixed(2))).toEqual(["0.25", "0.75"]);
});
