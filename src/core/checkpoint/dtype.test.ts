import { describe, expect, it } from "vitest";
import { decode, encode, firstNonFinite, floatToBF16, floatToF16, halfToFloat } from "./dtype";

const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
const bytes = new Uint8Array(patterns.buffer);

/** Value of a float with e exponent bits and f fraction bits, by the definition of IEEE 754. */
function byFormula(pattern: number, e: number, f: number): number {
  const sign = pattern >> (e + f) ? -1 : 1;
  const exponent = (pattern >> f) & (2 ** e - 1);
  const fraction = (pattern & (2 ** f - 1)) / 2 ** f;
  const bias = 2 ** (e - 1) - 1;
  if (exponent === 2 ** e - 1) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each([
  ["F16", 5, 10, floatToF16],
  ["BF16", 8, 7, floatToBF16],
] as const)("%s", (dtype, e, f, toBits) => {
  const decoded = decode(bytes, dtype);

  it("decodes all 65,536 patterns by the formula", () => {
    for (let p = 0; p < 65536; p++)
      if (!Object.is(decoded[p], byFormula(p, e, f))) expect(decoded[p], `${p}`).toBe(byFormula(p, e, f));
  });

  it("encodes each value back to its pattern", () => {
    for (let p = 0; p < 65536; p++) {
      const back = toBits(decoded[p]!);
      if (Number.isNaN(decoded[p])) expect(byFormula(back, e, f)).toBeNaN();
      else if (back !== p) expect(back).toBe(p);
    }
  });

  it("rounds to nearest, ties to even, between all neighbours", () => {
    const infinity = (2 ** e - 1) << f;
    for (let p = 0; p < infinity - 1; p++) {
      const low = decoded[p]!;
      const high = decoded[p + 1]!;
      const middle = low + (high - low) / 2;
      const even = p % 2 === 0 ? p : p + 1;
      const around = [toBits(middle), toBits(-middle) & 0x7fff];
      if (Math.fround(middle) === middle && (around[0] !== even || around[1] !== even))
        expect(around, `${p}`).toEqual([even, even]);
      if (toBits(Math.fround(low + (high - low) * 0.375)) !== p) expect.fail(`${p} below the middle`);
      if (toBits(Math.fround(low + (high - low) * 0.625)) !== p + 1) expect.fail(`${p} above the middle`);
    }
  });

  it("writes infinities beyond its range", () => {
    const infinity = (2 ** e - 1) << f;
    expect(toBits(Number.POSITIVE_INFINITY)).toBe(infinity);
    expect(toBits(3.4028234663852886e38)).toBe(infinity);
    expect(toBits(-3.4028234663852886e38)).toBe(0x8000 | infinity);
  });
});

it("halfToFloat knows its landmarks", () => {
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400].map(halfToFloat)).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    2 ** -14,
  ]);
});

describe.each([
  ["F8_E5M2", 5, 2],
  ["F8_E4M3", 4, 3],
] as const)("%s", (dtype, e, f) => {
  const values = decode(
    Uint8Array.from({ length: 256 }, (_, i) => i),
    dtype,
  );

  it("decodes all 256 codes", () => {
    for (let code = 0; code < 256; code++) {
      // e4m3fn has no infinities: its highest exponent holds numbers, and only all ones are NaN.
      const finite = dtype === "F8_E4M3" && code % 128 >= 0x78 && code % 128 < 0x7f;
      const expected = finite
        ? (code < 128 ? 1 : -1) * (1 + (code % 8) / 8) * 256
        : dtype === "F8_E4M3" && code % 128 === 0x7f
          ? Number.NaN
          : byFormula(code, e, f);
      expect(values[code], `code ${code}`).toBe(expected);
    }
  });

  it("knows its landmarks", () => {
    const at = (...codes: number[]) => codes.map((c) => values[c]);
    if (dtype === "F8_E4M3") {
      expect(at(0x38, 0xb8, 0x7e, 0x01, 0x08, 0x00)).toEqual([1, -1, 448, 2 ** -9, 2 ** -6, 0]);
      expect(at(0x7f, 0xff)).toEqual([Number.NaN, Number.NaN]);
      expect(at(0x80)).toEqual([-0]);
    } else {
      expect(at(0x3c, 0xbc, 0x7b, 0x01, 0x04)).toEqual([1, -1, 57344, 2 ** -16, 2 ** -14]);
      expect(at(0x7c, 0xfc)).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      for (const code of [0x7d, 0x7e, 0x7f, 0xfd]) expect(values[code]).toBeNaN();
    }
  });
});

it("F64 rounds to float32, ties to even", () => {
  const doubles = new Float64Array([0.1, 1 + 2 ** -24, 1 + 3 * 2 ** -24, 1e39, -1e-46, 3]);
  const rounded = [...decode(new Uint8Array(doubles.buffer), "F64")];
  expect(rounded).toEqual([Math.fround(0.1), 1, 1 + 2 ** -22, Number.POSITIVE_INFINITY, -0, 3]);
});

it("encode and decode are inverse for F32", () => {
  const values = new Float32Array([1.5, -0, 3e-45, 3.4e38]);
  expect(decode(encode(values, "F32"), "F32")).toEqual(values);
});

it("decodes views into larger buffers, Node's Buffer among them", () => {
  const around = Buffer.from([9, 9, 9, 0x00, 0x3c, 0x00, 0xc0, 9]);
  expect([...decode(around.subarray(3, 7), "F16")]).toEqual([1, -2]);
  expect([...decode(new Uint8Array(around).subarray(3, 7), "F16")]).toEqual([1, -2]);
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set([0, 0, 0x80, 0x3f]);
  expect(decode(shared, "F32").buffer).toBeInstanceOf(ArrayBuffer);
  expect([...decode(shared, "F32")]).toEqual([1]);
});

it("firstNonFinite finds the first NaN or infinity", () => {
  expect(firstNonFinite(new Float32Array([0, 3e38, -1]))).toBe(-1);
  expect(firstNonFinite(new Float32Array([0, Number.NEGATIVE_INFINITY, Number.NaN]))).toBe(1);
  expect(firstNonFinite(new Float32Array([Number.NaN]))).toBe(0);
});
