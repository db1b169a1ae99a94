import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { enableRelaxedSimd } from "../../engine/node/relaxed-simd";
import { READABLE, type WritableDtype } from "../checkpoint/dtype";
import { type BlockOps, bytesPer, PlainOps } from "../merge/block-ops";
import { firstDifference, floatsOf, someBits, someLength, somePrecision, storedOf } from "./blocks.fixture";
import { instantiateKernel, type KernelVariant } from "./kernel-module";
import { WasmOps } from "./wasm-ops";

const plain = new PlainOps();
const word32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** float32 other than NaN and infinity, small ones and 0 among them. */
const someWeight = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 1 / 3),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
const PATTERNS = fc.array(someBits, { minLength: 1, maxLength: 70 });

beforeAll(enableRelaxedSimd);

describe.each<KernelVariant>(["simd", "relaxed"])("the %s kernel", (variant) => {
  let wasm: WasmOps;
  beforeAll(async () => {
    wasm = new WasmOps((await instantiateKernel(variant))!);
  });

  /** An array of the kernel's memory or another one, at an address that no vector is aligned to. */
  const array = (length: number, inside: boolean): Float32Array =>
    inside ? wasm.scratch(length + 1).subarray(1) : new Float32Array(length + 1).subarray(1);
  const copy = (values: Float32Array, inside: boolean): Float32Array => {
    const own = array(values.length, inside);
    own.set(values);
    return own;
  };

  /** Runs an operation on equal arrays with both implementations and compares the arrays afterwards. */
  function check(
    inputs: readonly Float32Array[],
    inside: readonly boolean[],
    run: (ops: BlockOps, arrays: Float32Array[]) => unknown,
  ): void {
    wasm.reset();
    const expected = inputs.map((x) => x.slice());
    const got = inputs.map((x, i) => copy(x, inside[i % inside.length]!));
    const results = [run(plain, expected), run(wasm, got)];
    expect(results[1]).toEqual(results[0]);
    for (const [i, array] of got.entries()) {
      const at = firstDifference(array, expected[i]!);
      if (at >= 0) expect(`array ${i} [${at}] ${array[at]}`).toBe(`array ${i} [${at}] ${expected[i]![at]}`);
    }
  }
  const places = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
  const property = <T extends unknown[]>(
    arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
    predicate: (...values: T) => void,
    numRuns = 250,
  ) =>
    fc.assert(fc.property(...(arbitraries as unknown as [fc.Arbitrary<unknown>]), predicate as never), {
      seed: 4,
      numRuns,
    });

  it.each(READABLE)("decodes %s", (dtype) => {
    property(
      [PATTERNS, someLength, someLength, places, somePrecision],
      (bits, length, skip, inside, precision) => {
        const stored = storedOf(floatsOf(bits, length + skip), dtype, length % 8);
        check([new Float32Array(length)], inside, (ops, [out]) => ops.decode(stored, skip, out!, precision));
      },
    );
  });

  it.each<WritableDtype>(["F32", "BF16", "F16"])("encodes %s", (dtype) => {
    property([PATTERNS, someLength, places], (bits, length, inside) => {
      const values = floatsOf(bits, length);
      check([values], inside, (ops, [own]) => {
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
    check([values, values.toReversed(), new Float32Array(length)], [false], (ops, [a, b, out]) => {
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
    property([PATTERNS, someLength, fc.constantFrom(...READABLE), fc.nat()], (bits, length, dtype, at) => {
      const values = floatsOf(bits, length).map((x) => (Number.isFinite(x) ? x : 1));
      for (const clean of [true, false]) {
        if (!clean && length > 0) values[at % length] = Number.NaN;
        const stored = storedOf(values, dtype, at % 5);
        expect(wasm.findNonFinite(stored)).toBe(plain.findNonFinite(stored));
      }
    });
  });

  it("rounds", () => {
    property([PATTERNS, someLength, places, somePrecision], (bits, length, inside, precision) => {
      check([floatsOf(bits, length)], inside, (ops, [own]) => ops.round(own!, precision));
    });
  });

  const inputs = fc.array(fc.tuple(fc.constantFrom(...READABLE), PATTERNS, someWeight), {
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
        check([new Float32Array(length)], inside, (ops, [out]) =>
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
      [PATTERNS, fc.integer({ min: 40, max: 1030 }), fc.constantFrom(...READABLE)],
      (bits, count, dtype) => {
        const stored = Array.from({ length: count }, (_, k) => storedOf(floatsOf(bits, 700), dtype, k % 9));
        const weights = stored.map((_, k) => k / count);
        check([new Float32Array(690)], [true], (ops, [out]) =>
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
      check([new Float32Array(37)], [true], (ops, [out]) =>
        ops.weightedSum(stored, [1, w!], 0, out!, 1, "float32"),
      );
    });
  });

  it.each(["subtract", "add", "multiply", "divide"] as const)("%ss", (name) => {
    property(
      [PATTERNS, PATTERNS, someLength, places, somePrecision, fc.nat(2)],
      (a, b, length, inside, precision, to) => {
        check([floatsOf(a, length), floatsOf(b, length), new Float32Array(length)], inside, (ops, all) =>
          ops[name](all[0]!, all[1]!, all[to]!, precision),
        );
      },
    );
  });

  it.each(["scale", "divideBy"] as const)("%s", (name) => {
    property(
      [PATTERNS, someWeight, someLength, places, somePrecision, fc.nat(1)],
      (a, by, length, inside, precision, to) => {
        check([floatsOf(a, length), new Float32Array(length)], inside, (ops, all) =>
          ops[name](all[0]!, by, all[to]!, precision),
        );
      },
    );
  });

  const rows = fc.array(PATTERNS, { minLength: 1, maxLength: 17 });
  const tailOf = (length: number, tail: number) => Math.min(length, tail);

  it("adds up rows in torch's order", () => {
    property(
      [rows, someLength, fc.nat(31), places, somePrecision],
      (all, length, tail, inside, precision) => {
        const arrays = [...all.map((bits) => floatsOf(bits, length)), new Float32Array(length)];
        check(arrays, inside, (ops, own) =>
          ops.sumRows(own.slice(0, -1), tailOf(length, tail), own.at(-1)!, precision),
        );
      },
    );
  });

  it("adds up what agrees in sign", () => {
    property(
      [rows, PATTERNS, someWeight, someLength, fc.nat(31), places, somePrecision],
      (all, signs, w, length, tail, inside, precision) => {
        const arrays = [signs, signs, signs, ...all].map((bits) => floatsOf(bits, length));
        const weights = all.map((_, k) => (w * (k - 2)) / 16);
        check(arrays, inside, (ops, [majority, sum, divisor, ...own]) =>
          ops.sumAgreeing(own, weights, majority!, tailOf(length, tail), sum!, divisor!, precision),
        );
      },
    );
  });

  it("computes variances", () => {
    property([rows, someLength, places, somePrecision], (all, length, inside, precision) => {
      const arrays = [...all.map((bits) => floatsOf(bits, length)), new Float32Array(length)];
      check(arrays, inside, (ops, own) => ops.variance(own.slice(0, -1), own.at(-1)!, precision));
    });
  });

  it("counts magnitudes digit by digit", () => {
    property(
      [PATTERNS, someLength, places, fc.constantFrom(20, 10, 0, 21), fc.constantFrom(10, 11)],
      (bits, length, inside, shift, field) => {
        const values = floatsOf(bits, length);
        const word = new Uint32Array(values.buffer)[length >> 1] ?? 0;
        const prefix = (word & 0x7fffffff) >>> (shift + field);
        check([values, values.map((x) => -x)], inside, (ops, own) => {
          const counts = ops.counters(2 ** field);
          for (const array of own) ops.countMagnitudes(array, shift, prefix, counts);
          return [...counts];
        });
      },
    );
  });

  it("keeps bands of magnitudes, equal ones by their place", () => {
    property(
      [
        PATTERNS,
        someLength,
        places,
        fc.nat(),
        fc.nat(),
        fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }),
      ],
      (bits, length, inside, a, b, at) => {
        const values = floatsOf(bits, length);
        const words = new Uint32Array(values.buffer);
        const [low, high] = [a, b]
          .map((x) => (words[x % (length || 1)] ?? 0) & 0x7fffffff)
          .sort((x, y) => x - y);
        const [lowFrom, lowTo, highFrom, highTo] = at;
        const band = {
          low: low!,
          high: high!,
          lowFrom: lowFrom!,
          lowTo: lowTo!,
          highFrom: highFrom!,
          highTo: highTo!,
        };
        const open = { ...band, low: -1, high: 2 ** 31 - 1, highTo: Number.POSITIVE_INFINITY };
        check([values, values], inside, (ops, [own, other]) => {
          const seen = Uint32Array.of(3, 1);
          for (let twice = 0; twice < 2; twice++) ops.keepBand(own!, band, seen);
          ops.keepBand(other!, open, seen);
          return [...seen];
        });
      },
    );
  });

  it("keeps by bits", () => {
    property(
      [PATTERNS, someLength, places, fc.nat(100), fc.integer()],
      (bits, length, inside, from, seed) => {
        const mask = Uint8Array.from(
          { length: Math.ceil((length + from) / 8) },
          (_, i) => Math.imul(i + 1, seed) >> 7,
        );
        check([floatsOf(bits, length)], inside, (ops, [own]) => ops.keepBits(own!, mask, from));
      },
    );
  });

  it("ranks magnitudes", () => {
    property([PATTERNS, someLength, places], (bits, length, inside) => {
      check([floatsOf(bits, length)], inside, (ops, [own]) => {
        const ranks = new Uint32Array(length);
        ops.magnitudeRanks(own!, ranks);
        return [...ranks];
      });
    });
  });

  const key = fc.tuple(word32, word32);

  it("draws random bits", () => {
    property([key, fc.nat(500), someLength, word32], (pair, eighth, count, threshold) => {
      check([], [true], (ops) => {
        const bits = new Uint8Array(eighth + Math.ceil(count / 8) + 1);
        ops.randomBits(pair, 8 * eighth, count, threshold, bits);
        return [...bits];
      });
    });
  });

  it("draws them to the end of a stream", () => {
    const bits = new Uint8Array(2 ** 29);
    const last = [plain, wasm].map((ops) => {
      bits.fill(0, 2 ** 29 - 10);
      ops.randomBits([1, 2], 2 ** 32 - 80, 80, 2 ** 31, bits);
      return bits.slice(2 ** 29 - 10);
    });
    expect(last[1]).toEqual(last[0]);
  });

  it("draws random bits by rank", () => {
    property([key, fc.nat(5000), someLength, word32], (pair, from, count, seed) => {
      const ranks = Uint32Array.from({ length: count }, (_, i) => (i * 7) % count);
      const thresholds = Uint32Array.from({ length: count }, (_, i) => Math.imul(i + 1, seed));
      check([], [true], (ops) => {
        const bits = new Uint8Array(Math.ceil((from + count) / 8));
        if (from > 8) bits.fill(0x55, from >> 4, from >> 3);
        ops.rankedBits(pair, from, ranks, thresholds, bits);
        return [...bits];
      });
    });
  });

  it.each(["sum", "sumAbs"] as const)("computes %s in float64", (name) => {
    property([PATTERNS, someLength, places], (bits, length, inside) => {
      check([floatsOf(bits, length)], inside, (ops, [own]) => ops[name](own!));
    });
  });

  it("computes dot products in float64", () => {
    property([PATTERNS, PATTERNS, someLength, places], (a, b, length, inside) => {
      check([floatsOf(a, length), floatsOf(b, length)], inside, (ops, [x, y]) => ops.dot(x!, y!));
    });
  });
});
