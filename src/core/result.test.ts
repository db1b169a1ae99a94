import { expect, it } from "vitest";
import { type Problem, sentence } from "./result";

const say = (problem: Omit<Problem, "kind">) => sentence({ kind: "bad-file", ...problem });

it.each([
  [{ message: "It is wrong." }, "It is wrong."],
  [{ message: "it is wrong.", file: "a/b.json" }, "a/b.json: it is wrong."],
  [
    { message: "it is wrong.", file: "m", tensor: "w", remedy: "Mend it." },
    "m, tensor w: it is wrong. Mend it.",
  ],
  [{ message: "it is wrong.", tensor: "w" }, "w: it is wrong."],
  // Names whose letters stand in the message by chance are said all the same.
  [
    { message: "it has 12 bytes, the base's has 7.", file: "base", tensor: "7" },
    "base, tensor 7: it has 12 bytes, the base's has 7.",
  ],
  // Names that the message quotes are not said twice.
  [{ message: 'the tensor "w" of "m" is wrong.', file: "m", tensor: "w" }, 'the tensor "w" of "m" is wrong.'],
  [{ message: "m/x.json is missing.", file: "m/x.json" }, "m/x.json is missing."],
])("says %j", (problem, said) => {
  expect(say(problem)).toBe(said);
});
