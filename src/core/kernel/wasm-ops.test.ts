import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { enableRelaxedSimd } from "../../engine/node/relaxed-simd";
import { floatsOf, someLength, somePrecision } from "./blocks.fixture";
import { compare, patterns, places, plain, property, someWeight, word32 } from "./compare-ops.fixture";
import { instantiateKernel, type KernelVariant } from "./kernel-module";
import { WasmOps } from "./wasm-ops";

describe.each<KernelVariant>(["simd", "relaxed"])("the %s kernel", (variant) => {
  let wasm: WasmOps;
  beforeAll(async () => {
    enableRelaxedSimd();
    wasm = new WasmOps((await instantiateKernel(variant))!);
  });

  const rows = fc.array(patterns, { minLength: 1, maxLength: 17 });
  const tailOf = (length: number, tail: number) => Math.min(length, tail);

  it("adds up rows in torch's order", () => {
    property(
      [rows, someLength, fc.nat(31), places, somePrecision],
      (all, length, tail, inside, precision) => {
        const arrays = [...all.map((bits) => floatsOf(bits, length)), new Float32Array(length)];
        compare(wasm, arrays, inside, (ops, own) =>
          ops.sumRows(own.slice(0, -1), tailOf(length, tail), own.at(-1)!, precision),
        );
      },
    );
  });

  it("adds up what agrees in sign", () => {
    property(
      [rows, patterns, someWeight, someLength, fc.nat(31), places, somePrecision],
      (all, signs, w, length, tail, inside, precision) => {
        const arrays = [signs, signs, signs, ...all].map((bits) => floatsOf(bits, length));
        const weights = all.map((_, k) => (w * (k - 2)) / 16);
        compare(wasm, arrays, inside, (ops, [majority, sum, divisor, ...own]) =>
          ops.sumAgreeing(own, weights, majority!, tailOf(length, tail), sum!, divisor!, precision),
        );
      },
    );
  });

  it("computes variances", () => {
    property([rows, someLength, places, somePrecision], (all, length, inside, precision) => {
      const arrays = [...all.map((bits) => floatsOf(bits, length)), new Float32Array(length)];
      compare(wasm, arrays, inside, (ops, own) => ops.variance(own.slice(0, -1), own.at(-1)!, precision));
    });
  });

  it("counts magnitudes digit by digit", () => {
    property(
      [patterns, someLength, places, fc.constantFrom(20, 17, 0, 21), fc.constantFrom(10, 11, 14)],
      (bits, length, inside, shift, field) => {
        const values = floatsOf(bits, length);
        const word = new Uint32Array(values.buffer)[length >> 1] ?? 0;
        const prefix = (word & 0x7fffffff) >>> (shift + field);
        compare(wasm, [values, values.map((x) => -x)], inside, (ops, own) => {
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
        patterns,
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
        compare(wasm, [values, values], inside, (ops, [own, other]) => {
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
      [patterns, someLength, places, fc.nat(100), fc.integer()],
      (bits, length, inside, from, seed) => {
        const mask = Uint8Array.from(
          { length: Math.ceil((length + from) / 8) },
          (_, i) => Math.imul(i + 1, seed) >> 7,
        );
        compare(wasm, [floatsOf(bits, length)], inside, (ops, [own]) => ops.keepBits(own!, mask, from));
      },
    );
  });

  it("ranks magnitudes", () => {
    property([patterns, someLength, places], (bits, length, inside) => {
      compare(wasm, [floatsOf(bits, length)], inside, (ops, [own]) => {
        const ranks = new Uint32Array(length);
        ops.magnitudeRanks(own!, ranks);
        return [...ranks];
      });
    });
  });

  const key = fc.tuple(word32, word32);

  it("draws random bits", () => {
    property([key, fc.nat(500), someLength, word32], (pair, eighth, count, threshold) => {
      compare(wasm, [], [true], (ops) => {
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
      compare(wasm, [], [true], (ops) => {
        const bits = new Uint8Array(Math.ceil((from + count) / 8));
        if (from > 8) bits.fill(0x55, from >> 4, from >> 3);
        ops.rankedBits(pair, from, ranks, thresholds, bits);
        return [...bits];
      });
    });
  });

  it.each(["sum", "sumAbs"] as const)("computes %s in float64", (name) => {
    property([patterns, someLength, places], (bits, length, inside) => {
      compare(wasm, [floatsOf(bits, length)], inside, (ops, [own]) => ops[name](own!));
    });
  });

  it("computes dot products in float64", () => {
    property([patterns, patterns, someLength, places], (a, b, length, inside) => {
      compare(wasm, [floatsOf(a, length), floatsOf(b, length)], inside, (ops, [x, y]) => ops.dot(x!, y!));
    });
  });

  it("keeps what agrees in sign", () => {
    property([patterns, patterns, someLength, places], (bits, signs, length, inside) => {
      const arrays = [floatsOf(bits, length), floatsOf(signs, length)];
      compare(wasm, arrays, inside, (ops, [own, majority]) => ops.keepAgreeing(own!, majority!));
    });
  });

  it("collects magnitudes between bounds", () => {
    property(
      [patterns, someLength, places, fc.nat(), fc.nat(), fc.nat(60)],
      (bits, length, inside, a, b, room) => {
        const values = floatsOf(bits, length);
        const words = new Uint32Array(values.buffer);
        const [low, high] = [a, b]
          .map((x) => (words[x % (length || 1)] ?? 0) & 0x7fffffff)
          .sort((x, y) => x - y);
        compare(wasm, [values, values], inside, (ops, own) => {
          const out = new Uint32Array(room);
          const counts = Uint32Array.of(0, 0, 0, room >> 2);
          for (const array of own) ops.collectBetween(array, low!, high!, out, counts);
          return [...out, ...counts];
        });
      },
    );
  });

  it("adds up squares in float32", () => {
    property([patterns, fc.nat(3000), places], (bits, length, inside) => {
      compare(wasm, [floatsOf(bits, 8 * length), floatsOf(bits, 8)], inside, (ops, [own, lanes]) =>
        ops.addSquares(own!, lanes!),
      );
    });
  });
});
