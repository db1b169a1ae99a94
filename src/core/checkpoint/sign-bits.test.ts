import fc from "fast-check";
import { expect, it } from "vitest";
import { countSigns, setSigns, signBits } from "./sign-bits";

it("counts what a loop over the values counts, whatever the length", () => {
  const value = fc.constantFrom(0, -0, 1, -1, 1e-45, -1e-45, 3e38, -3e38, Infinity);
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 100 }), (pairs) => {
      const [a, b] = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side]!)) as [
        Float32Array,
        Float32Array,
      ];
      const [x, y] = [signBits(100), signBits(100)];
      // What stood there before must not count.
      setSigns(x, new Float32Array(100).fill(1));
      setSigns(x, a);
      setSigns(y, b);
      const both = pairs.filter(([p, q]) => p !== 0 && q !== 0);
      const equal = both.filter(([p, q]) => p > 0 === q > 0);
      expect(countSigns(x, y)).toEqual({ both: both.length, equal: equal.length });
    }),
    { seed: 1, numRuns: 500 },
  );
});
