import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { enableRelaxedSimd } from "../../engine/node/relaxed-simd";
import { READABLE, type WritableDtype } from "../checkpoint/dtype";
import { bytesPer } from "../merge/block-ops";
import { firstDifference, floatsOf, someLength, somePrecision, storedOf } from "./blocks.fixture";
import { compare, patterns, places, plain, property, someWeight } from "./compare-ops.fixture";
import { instantiateKernel, type KernelVariant } from "./kernel-module";
import { WasmOps } from "./wasm-ops";

describe.each<KernelVariant>(["simd", "relaxed"])("the %s kernel", (variant) => {
  let wasm: WasmOps;
  beforeAll(async () => {
    enableRelaxedSimd();
    wasm = new WasmOps((await instantiateKernel(variant))!);
  });

  it.each(READABLE)("decodes %s", (dtype) => {
    property(
      [patterns, someLength, someLength, places, somePrecision],
      (bits, length, skip, inside, precision) => {
        const stored = storedOf(floatsOf(bits, length + skip), dtype, length % 8);
        compare(wasm, [new Float32Array(length)], inside, (ops, [out]) =>
          ops.decode(stored, skip, out!, precision),
        );
      },
    );
  });

  it.each<WritableDtype>(["F32", "BF16", "F16"])("encodes %s", (dtype) => {
    property([patterns, someLength, places], (bits, length, inside) => {
      const values = floatsOf(bits, length);
      compare(wasm, [values], inside, (ops, [own]) => {
        const bytes = new Uint8Array(length * bytesPer[dtype] + 1).subarray(1);
        ops.encode(own!, dtype, bytes);
        // NaN may differ in bits that say nothing.
        const back = new Float32Array(length);
        plain.decode({ dtype, bytes }, 0, back, "float32");
        return [...back];
      });
    });
  });

  it("works piece by piece on long arrays that lie elsewhere", () => {
    const length = 300_007;
    const values = floatsOf([0x3c123456, 0xbd000001, 0x3d7fffff], length);
    const words = new Uint32Array(values.buffer);
    const low = words[12_345]! & 0x7fffffff;
    const band = { low, high: 0x7f000000, lowFrom: 1, lowTo: 3, highFrom: 0, highTo: 0 };
    const bits = Uint8Array.from({ length: length / 8 + 2 }, (_, i) => i * 31);
    const bytes = new Uint8Array(2 * length);
    const stored = storedOf(values, "F16", 0);
    compare(wasm, [values, values.toReversed(), new Float32Array(length)], [false], (ops, [a, b, out]) => {
      ops.keepBand(a!, band, new Uint32Array(2));
      ops.keepBits(b!, bits, 5);
      ops.subtract(a!, b!, out!, "bfloat16");
      ops.sumRows([a!, b!, out!.slice()], 7, out!, "float32");
      ops.encode(out!, "BF16", bytes);
      const sums = [ops.sum(a!), ops.sumAbs(b!), ops.dot(a!, b!), bytes.reduce((x, y) => x + y, 0)];
      ops.decode(stored, 0, b!, "float32");
      return sums;
    });
  });

  it("finds the first NaN or infinity", () => {
    property([patterns, someLength, fc.constantFrom(...READABLE), fc.nat()], (bits, length, dtype, at) => {
      const values = floatsOf(bits, length).map((x) => (Number.isFinite(x) ? x : 1));
      for (const clean of [true, false]) {
        if (!clean && length > 0) values[at % length] = Number.NaN;
        const stored = storedOf(values, dtype, at % 5);
        expect(wasm.findNonFinite(stored)).toBe(plain.findNonFinite(stored));
      }
    });
  });

  it("rounds", () => {
    property([patterns, someLength, places, somePrecision], (bits, length, inside, precision) => {
      compare(wasm, [floatsOf(bits, length)], inside, (ops, [own]) => ops.round(own!, precision));
    });
  });

  const inputs = fc.array(fc.tuple(fc.constantFrom(...READABLE), patterns, someWeight), {
    minLength: 1,
    maxLength: 9,
  });
  const oneDtype = fc
    .tuple(fc.constantFrom(...READABLE), inputs)
    .map(([dtype, all]) => all.map(([, bits, weight]) => [dtype, bits, weight] as const));

  it("adds up weighted inputs with one rounding a step", () => {
    property(
      [
        fc.oneof(inputs, oneDtype),
        someLength,
        fc.nat(70),
        places,
        somePrecision,
        fc.oneof(fc.constant(1), someWeight),
      ],
      (all, length, skip, inside, precision, divisor) => {
        const stored = all.map(([dtype, bits], k) => storedOf(floatsOf(bits, length + skip), dtype, k));
        const weights = all.map(([, , weight]) => weight);
        compare(wasm, [new Float32Array(length)], inside, (ops, [out]) =>
          ops.weightedSum(stored, weights, skip, out!, divisor, precision),
        );
      },
      600,
    );
  });

  it.each<WritableDtype>(["F32", "BF16", "F16"])("adds up weighted inputs to %s", (dtype) => {
    const lengths = fc.oneof(
      { arbitrary: someLength, weight: 60 },
      { arbitrary: fc.constant(70_001), weight: 1 },
    );
    property(
      [fc.oneof(inputs, oneDtype), lengths, fc.nat(70), somePrecision, fc.oneof(fc.constant(1), someWeight)],
      (all, length, skip, precision, divisor) => {
        const stored = all.map(([own, bits], k) => storedOf(floatsOf(bits, length + skip), own, k));
        const weights = all.map(([, , weight]) => weight);
        const [expected, got] = [plain, wasm].map((ops) => {
          const bytes = new Uint8Array(length * bytesPer[dtype] + 3).subarray(3);
          ops.weightedSumEncoded(stored, weights, skip, { dtype, bytes }, divisor, precision);
          const back = new Float32Array(length);
          plain.decode({ dtype, bytes }, 0, back, "float32");
          return back;
        });
        expect(firstDifference(got!, expected!)).toBe(-1);
      },
      150,
    );
  });

  it("adds up many inputs", () => {
    property(
      [patterns, fc.integer({ min: 40, max: 1030 }), fc.constantFrom(...READABLE)],
      (bits, count, dtype) => {
        const stored = Array.from({ length: count }, (_, k) => storedOf(floatsOf(bits, 700), dtype, k % 9));
        const weights = stored.map((_, k) => k / count);
        compare(wasm, [new Float32Array(690)], [true], (ops, [out]) =>
          ops.weightedSum(stored, weights, 10, out!, 1, "float32"),
        );
      },
      5,
    );
  });

  it("rounds once where a second rounding would show", () => {
    // x w + z with z next to the middle between two float32, on either side, by amounts that float64 cannot hold.
    const x = fc.integer({ min: 0x3f800001, max: 0x3fffffff });
    property([x, x, fc.integer({ min: -30, max: 30 }), fc.boolean()], (a, b, shift, negative) => {
      const [p, w] = new Float32Array(Uint32Array.of(a, b).buffer);
      const product = p! * w!;
      const half = Math.fround(product) * 2 ** shift * (negative ? -1 : 1);
      const values = new Float32Array(37).fill(p!);
      const added = Float32Array.from(values, (_, i) => half + (i - 18) * Math.abs(half) * 2 ** -24);
      const stored = [added, values].map((v) => storedOf(v, "F32", 0));
      compare(wasm, [new Float32Array(37)], [true], (ops, [out]) =>
        ops.weightedSum(stored, [1, w!], 0, out!, 1, "float32"),
      );
    });
  });

  it.each(["subtract", "add", "multiply", "divide"] as const)("%ss", (name) => {
    property(
      [patterns, patterns, someLength, places, somePrecision, fc.nat(2)],
      (a, b, length, inside, precision, to) => {
        compare(
          wasm,
          [floatsOf(a, length), floatsOf(b, length), new Float32Array(length)],
          inside,
          (ops, all) => ops[name](all[0]!, all[1]!, all[to]!, precision),
        );
      },
    );
  });

  it.each(["scale", "divideBy"] as const)("%s", (name) => {
    property(
      [patterns, someWeight, someLength, places, somePrecision, fc.nat(1)],
      (a, by, length, inside, precision, to) => {
        compare(wasm, [floatsOf(a, length), new Float32Array(length)], inside, (ops, all) =>
          ops[name](all[0]!, by, all[to]!, precision),
        );
      },
    );
  });

  it("decodes less a base", () => {
    property(
      [patterns, patterns, fc.constantFrom(...READABLE), someLength, fc.nat(40), places, somePrecision],
      (bits, base, dtype, length, skip, inside, precision) => {
        const stored = storedOf(floatsOf(bits, length + skip), dtype, length % 5);
        compare(wasm, [floatsOf(base, length), new Float32Array(length)], inside, (ops, [own, out]) =>
          ops.decodeDifference(stored, own!, skip, out!, precision),
        );
      },
    );
  });

  it("raises to a minimum", () => {
    property([patterns, someWeight, someLength, places], (bits, minimum, length, inside) => {
      compare(wasm, [floatsOf(bits, length)], inside, (ops, [own]) => ops.atLeast(own!, minimum));
    });
  });
});
