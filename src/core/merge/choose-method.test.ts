import { expect, it } from "vitest";
import { choiceObstacle, choiceParameters, countObstacle, mixtureObstacle, SEED } from "./choose-method";
import { linear } from "./linear";

const two = { ...linear, models: { min: 2, max: 2 } };

it("says why a method cannot merge a mixture", () => {
  expect(mixtureObstacle(linear, 5)).toBeNull();
  expect(mixtureObstacle({ ...linear, weighted: false }, 5)).toContain("no weights");
  expect(mixtureObstacle(two, 5)).toBe("merges exactly 2 components; the set has 5");
  expect(countObstacle({ ...linear, models: { min: 2, max: 9 } }, 1)).toContain("at least 2");
  expect(countObstacle({ ...linear, models: { min: 2, max: 4 } }, 5)).toContain("at most 4");
});

it("refuses choices that name unknown methods or parameters, or values out of range", () => {
  expect(choiceObstacle({ name: "linear", parameters: { normalize: 0 } }, 3)).toBeNull();
  expect(choiceObstacle({ name: "linear", parameters: { seed: 0 } }, 3)).toBeNull();
  expect(choiceObstacle({ name: "linear", parameters: { seed: 1 } }, 3)).toContain('no parameter "seed"');
  expect(choiceObstacle({ name: "linear", parameters: { normalize: 0.5 } }, 3)).toContain("neither 0 nor 1");
  expect(choiceObstacle({ name: "nonsense", parameters: {} }, 3)).toContain('"nonsense" is not known');
});

it("adds the seed to methods that draw random masks", () => {
  expect(choiceParameters(linear)).not.toContain(SEED);
  expect(choiceParameters({ ...linear, random: true })).toContain(SEED);
});
