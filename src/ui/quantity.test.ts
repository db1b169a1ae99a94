import { expect, test } from "vitest";
import { duration, tokensText } from "./quantity";

test("tokens have three significant figures and a unit", () => {
  expect([950, 65_536, 5_242_880, 33_554_432, 1.5e9, 2e12].map(tokensText)).toEqual([
    "950",
    "65.5 k",
    "5.24 M",
    "33.6 M",
    "1.5 B",
    "2 T",
  ]);
});

test("durations read as people say them", () => {
  expect([0.4, 12.4, 75, 3725, Number.NaN].map(duration)).toEqual([
    "under 1 s",
    "12 s",
    "1 min 15 s",
    "1 h 2 min",
    "–",
  ]);
});
