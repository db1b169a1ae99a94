import fc from "fast-check";
import { expect, test } from "vitest";
import { toMixture } from "../../core/mixture/mixture";
import { type Axes, type Barycentric, sliceMixture, sliceRoom } from "../../core/mixture/slice";
import { NO_ROOM, sliceKey } from "./slice-field";

const AXES: Axes = [1, 0, 3];
const weights = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
const inside = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map(([a, b, c]): Barycentric => [a! + 0.001, b!, c!]);

test("a move inside the triangle stays on the slice: nothing is predicted anew", () => {
  fc.assert(
    fc.property(weights, inside, (w, p) => {
      const alpha = toMixture(w);
      fc.pre(sliceRoom(alpha, AXES) >= NO_ROOM);
      expect(sliceKey(sliceMixture(p, alpha, AXES), AXES)).toBe(sliceKey(alpha, AXES));
    }),
  );
});

test("other held shares and other corners are another slice", () => {
  const alpha = toMixture([0.2, 0.3, 0.1, 0.3, 0.1]);
  expect(sliceKey(toMixture([0.2, 0.3, 0.2, 0.2, 0.1]), AXES)).not.toBe(sliceKey(alpha, AXES));
  expect(sliceKey(alpha, [0, 1, 3])).not.toBe(sliceKey(alpha, AXES));
});
