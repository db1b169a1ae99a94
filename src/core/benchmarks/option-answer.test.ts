import { expect, it } from "vitest";
import { chosenOption } from "./option-answer";

const ABCD = ["A", "B", "C", "D"];

// As OpenCompass's first_option_postprocess answers them.
it.each([
  [" B", "B"],
  ["B. the second one", "B"],
  ["The answer is C", "C"],
  ["the correct answer is (D) since B is wrong", "D"],
  ["ANSWER: B\nA", "A"],
  ["I think so", ""],
  ["It may be 1. D and A", "A"],
  ["none: Dx", "D"],
  ["", ""],
])("%s chooses %s", (text, option) => {
  expect(chosenOption(text, ABCD, true)).toBe(option);
});

it("takes no lone letter where OpenCompass takes none", () => {
  expect(chosenOption("Bx", ABCD, false)).toBe("");
});
