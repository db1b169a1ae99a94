import { expect, it } from "vitest";
import { LINEAR } from "../merge/merge-choice";
import { choiceText, measurementAddress, measurementKey } from "./address";

const subject = { kind: "mixture", alpha: [0.25, 0.75] } as const;

it("keeps the address that linear measurements had before methods could be chosen", async () => {
  const key = measurementKey("set", "tasks", subject);
  expect(key).toEqual({
    set: "set",
    tasks: "tasks",
    subject,
    method: { name: "linear", parameters: {} },
    dtype: "float32",
  });
  expect(await measurementAddress(key)).toBe(
    "71c76ee818aa15e51e3deb129c359db9daad0837c55c535954ddb4f97594184c",
  );
});

it("names only the parameters that differ from the method's defaults", () => {
  const choice = { name: "linear", parameters: { normalize: 1 } };
  expect(measurementKey("s", "t", subject, choice)).toEqual(measurementKey("s", "t", subject, LINEAR));
  const other = { name: "linear", parameters: { normalize: 0, seed: 0 } };
  expect(measurementKey("s", "t", subject, other).method.parameters).toEqual({ normalize: 0 });
  expect(choiceText(choice)).toBe(choiceText(LINEAR));
  expect(choiceText(other)).not.toBe(choiceText(LINEAR));
});

it("knows the base by one key whatever the method", () => {
  const base = { kind: "base" } as const;
  const other = { name: "linear", parameters: { normalize: 0 } };
  expect(measurementKey("s", "t", base, other)).toEqual(measurementKey("s", "t", base));
});
