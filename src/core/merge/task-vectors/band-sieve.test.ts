import fc from "fast-check";
import { expect, it } from "vitest";
import { PlainOps } from "../block-ops";
import { BandSieve } from "./band-sieve";

const ops = new PlainOps();
/** Floats with neighbouring bit patterns, so that bounds lie next to each other and on many values. */
const neighbours = fc.array(fc.tuple(fc.nat(6), fc.boolean()), { minLength: 1, maxLength: 200 });
const place = fc.nat(60);

it("keeps what keepBand keeps, block by block", () => {
  fc.assert(
    fc.property(
      neighbours,
      fc.tuple(fc.nat(6), fc.nat(7)),
      fc.tuple(place, place, place, place),
      fc.integer({ min: 1, max: 64 }),
      (cells, bounds, places, size) => {
        const words = Uint32Array.from(cells, ([m, negative]) => 0x3f800000 + m + (negative ? 2 ** 31 : 0));
        const values = new Float32Array(words.buffer);
        const [low, high] = bounds.sort((a, b) => a - b).map((m) => (m === 7 ? 2 ** 31 - 1 : 0x3f800000 + m));
        const [lowFrom, lowTo, highFrom, highTo] = places;
        const band = { low: low!, high: high!, lowFrom, lowTo, highFrom, highTo };
        const wanted = values.slice();
        ops.keepBand(wanted, band, new Uint32Array(2));
        const sieve = new BandSieve(band, ops);
        for (let from = 0; from < values.length; from += size)
          sieve.apply(values.subarray(from, from + size));
        expect(values).toEqual(wanted);
      },
    ),
    { seed: 1, numRuns: 3000 },
  );
});
