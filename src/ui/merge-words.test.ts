import { expect, it } from "vitest";
import { choiceWords, methodLabel, parameterWords } from "./merge-words";

it("names the method and what differs from its defaults", () => {
  expect(choiceWords({ name: "linear", parameters: {} })).toBe("Linear");
  expect(choiceWords({ name: "ties", parameters: { density: 0.5, lambda: -1, normalize: 1 } })).toBe(
    "TIES, density 0.5, lambda −1",
  );
  expect(choiceWords({ name: "dare_ties", parameters: { seed: 7, rescale: 0 } })).toBe(
    "DARE TIES, rescale off, seed 7",
  );
  expect(methodLabel({ name: "nonsense", parameters: {} })).toBe("nonsense");
});

it("tells every parameter with its help", () => {
  const words = parameterWords({ name: "linear", parameters: {} });
  expect(words).toEqual([
    {
      name: "normalize",
      label: "Normalise weights",
      value: "on",
      help: "Divides by the sum of the weights.",
      isDefault: true,
    },
  ]);
});
