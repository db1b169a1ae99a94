import {
  decode,
  encode,
  firstNonFinite,
  floatToBF16,
  floatToF16,
  halfToFloat,
  type ReadableDtype,
  type WritableDtype,
} from "../checkpoint/dtype";

/** The type whose rounding follows every operation: torch computes bfloat16 and float16 operations in float32 and rounds each. */
export type Precision = "float32" | "bfloat16" | "float16";

/** A tensor, or a slice of one, as it is stored: little-endian, whole elements. */
export interface StoredValues {
  readonly dtype: ReadableDtype;
  readonly bytes: Uint8Array;
}

/** Bytes of one element. */
export const bytesPer: Readonly<Record<ReadableDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

/** Elements that methods handle at a time: what K + 3 such blocks of float32 take stays in a core's cache. */
export const BLOCK = 16_384;

/**
 * Arithmetic on blocks of float32. Two implementations give equal bits: `PlainOps` (JavaScript) and the WASM kernel. Blocks
 * come from `scratch`; other Float32Arrays are accepted where an operation says so.
 */
export interface BlockOps {
  /** A block of `length` floats, undefined content; valid until `reset`. */
  scratch(length: number): Float32Array;
  /** Frees every block. */
  reset(): void;
  /** Elements [from, from + out.length) of `values`, rounded to `precision`. */
  decode(values: StoredValues, from: number, out: Float32Array, precision: Precision): void;
  /** Little-endian bytes in `dtype`, to nearest even; `out` holds `values.length` elements. */
  encode(values: Float32Array, dtype: WritableDtype, out: Uint8Array): void;
  /** Index of the first NaN or infinity among all elements, −1 where there is none. */
  findNonFinite(values: StoredValues): number;
  /** Rounds in place. */
  round(values: Float32Array, precision: Precision): void;
  /**
   * out = Σ wᵢ xᵢ over elements [from, from + out.length), divided by `divisor` where that is not 1: xᵢ as `decode` gives
   * them, one float32 fused multiply-add after the other (torch's addcmul), weights and divisor in float32, the result
   * rounded to `precision` once.
   */
  weightedSum(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: Float32Array,
    divisor: number,
    precision: Precision,
  ): void;
  /** out = a − b; `out` may be either. */
  subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = a + b; `out` may be either. */
  add(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = w · a; `out` may be `a`. */
  scale(a: Float32Array, w: number, out: Float32Array, precision: Precision): void;
  /**
   * A step of a radix selection by magnitude: of the values whose |v|, as 31 bits, has `prefix` above bit `shift` + log2 of
   * counts.length, counts the field of log2(counts.length) bits at `shift`.
   */
  countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void;
  /** Σ|v| in float64. */
  sumAbs(values: Float32Array): number;
  /** Σ a·b in float64. */
  dot(a: Float32Array, b: Float32Array): number;
}

export class PlainOps implements BlockOps {
  scratch(length: number): Float32Array {
    return new Float32Array(length);
  }

  reset(): void {}

  decode({ dtype, bytes }: StoredValues, from: number, out: Float32Array, precision: Precision): void {
    const size = bytesPer[dtype];
    out.set(decode(bytes.subarray(from * size, (from + out.length) * size), dtype));
    this.round(out, precision);
  }

  encode(values: Float32Array, dtype: WritableDtype, out: Uint8Array): void {
    out.set(encode(values, dtype));
  }

  findNonFinite({ dtype, bytes }: StoredValues): number {
    const size = bytesPer[dtype];
    for (let from = 0; from < bytes.length; from += BLOCK * size) {
      const at = firstNonFinite(decode(bytes.subarray(from, from + BLOCK * size), dtype));
      if (at >= 0) return from / size + at;
    }
    return -1;
  }

  round(values: Float32Array, precision: Precision): void {
    if (precision === "float32") return;
    const round = precision === "bfloat16" ? roundBF16 : roundF16;
    for (let i = 0; i < values.length; i++) values[i] = round(values[i]!);
  }

  weightedSum(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: Float32Array,
    divisor: number,
    precision: Precision,
  ): void {
    const own = new Float32Array(out.length);
    out.fill(0);
    for (const [k, input] of inputs.entries()) {
      this.decode(input, from, own, precision);
      const weight = Math.fround(weights[k]!);
      for (let i = 0; i < out.length; i++) out[i] = fusedMultiplyAdd(own[i]!, weight, out[i]!);
    }
    if (divisor !== 1) {
      const by = Math.fround(divisor);
      for (let i = 0; i < out.length; i++) out[i] = out[i]! / by;
    }
    this.round(out, precision);
  }

  subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
    this.round(out, precision);
  }

  add(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!;
    this.round(out, precision);
  }

  scale(a: Float32Array, w: number, out: Float32Array, precision: Precision): void {
    const factor = Math.fround(w);
    for (let i = 0; i < out.length; i++) out[i] = a[i]! * factor;
    this.round(out, precision);
  }

  countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const mask = counts.length - 1;
    const field = Math.log2(counts.length);
    for (let i = 0; i < words.length; i++) {
      const key = (words[i]! & 0x7fffffff) >>> shift;
      if (shift + field >= 31 || key >>> field === prefix) counts[key & mask]!++;
    }
  }

  sumAbs(values: Float32Array): number {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
    return sum;
  }

  dot(a: Float32Array, b: Float32Array): number {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  }
}

const rounded = new Float64Array(1);
const halves = new Int32Array(rounded.buffer);

/**
 * float32(x·y + z) with one rounding. The product is exact in float64; the sum is rounded to odd there, so that rounding
 * it again to float32 is as rounding once.
 */
export function fusedMultiplyAdd(x: number, y: number, z: number): number {
  const product = x * y;
  const sum = product + z;
  const high = sum - z;
  const error = product - high + (z - (sum - high));
  if (error !== 0 && Number.isFinite(error)) {
    rounded[0] = sum;
    // An even significand moves to the odd neighbour on the side of the exact sum.
    if ((halves[0]! & 1) === 0) {
      const outward = error > 0 === sum > 0;
      if (outward) halves[0]! += 1;
      else {
        if (halves[0] === 0) halves[1]! -= 1;
        halves[0]! -= 1;
      }
      return Math.fround(rounded[0]);
    }
  }
  return Math.fround(sum);
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

function roundBF16(value: number): number {
  word[0] = floatToBF16(value) << 16;
  return float[0]!;
}

const roundF16 = (value: number): number => halfToFloat(floatToF16(value));

/** A number rounded to `precision`. */
export const roundTo = (value: number, precision: Precision): number =>
  precision === "float32"
    ? Math.fround(value)
    : precision === "bfloat16"
      ? roundBF16(value)
      : roundF16(value);
