import type { ReadableDtype, WritableDtype } from "../checkpoint/dtype";
import {
  BLOCK,
  bytesPer,
  type EncodedValues,
  PlainOps,
  type Precision,
  type StoredValues,
} from "../merge/block-ops";
import { GROUP, KernelMemory, MARGIN, MOST_INPUTS, PAGE, RAW_BYTES, STAGE_BYTES } from "./kernel-memory";
import type { KernelExports } from "./kernel-module";

/** Bytes of inputs that leave room for their sum in a core's second cache. */
const CACHED = 768 * 2 ** 10;
/** Elements of a weighted sum at a time: long copies are the fastest. */
const LONGEST = 2 ** 16;

/** Bits of the exponent; of F8_E4M3 those of its only NaN. */
const SPECIAL: Readonly<Record<ReadableDtype, number>> = {
  F64: 0x7f800000,
  F32: 0x7f800000,
  F16: 0x7c00,
  BF16: 0x7f80,
  F8_E4M3: 0x7f,
  F8_E5M2: 0x7c,
};

interface InputLayout {
  /** Whether all inputs stay BF16. */
  readonly halves: boolean;
  /** Whether inputs begin anywhere in a page, see `KernelMemory.apart`. */
  readonly spread: boolean;
  /** Bytes for each input. */
  readonly room: number;
  /** Elements that fit. */
  readonly longest: number;
}

/** Blocks, conversions and elementwise arithmetic of `WasmOps`. */
export class WasmArithmetic extends PlainOps {
  protected readonly memory: KernelMemory;

  constructor(protected readonly kernel: KernelExports) {
    super();
    this.memory = new KernelMemory(kernel);
  }

  override scratch(length: number): Float32Array {
    const at = this.memory.take(length);
    return at < 0 ? new Float32Array(length) : this.memory.floats(at, length);
  }

  /** Behind the table lie three more that `countMagnitudes` counts in. */
  override counters(length: number): Uint32Array {
    const at = this.memory.take(4 * length);
    if (at < 0) return new Uint32Array(length);
    const { buffer } = this.memory.bytes;
    new Uint32Array(buffer, at, 4 * length).fill(0);
    return new Uint32Array(buffer, at, length);
  }

  override reset(): void {
    this.memory.release();
  }

  override decode(values: StoredValues, from: number, out: Float32Array, precision: Precision): void {
    const work = (length: number, [to]: readonly number[], at: number) =>
      this.decodeAt(values, from + at, length, to!, precision);
    this.memory.over([], [out], work, BLOCK);
  }

  /** At most BLOCK elements. */
  private decodeAt(
    { dtype, bytes }: StoredValues,
    from: number,
    length: number,
    to: number,
    precision: Precision,
  ): void {
    const { kernel, memory } = this;
    const size = bytesPer[dtype];
    if (dtype === "F32") {
      memory.bytes.set(bytes.subarray(4 * from, 4 * (from + length)), to);
    } else {
      const raw = memory.bring(bytes, from * size, (from + length) * size, memory.raw);
      if (dtype === "BF16") kernel.decodeBF16(raw, length, to);
      else if (dtype === "F16") kernel.decodeF16(raw, length, to);
      else if (dtype === "F64") kernel.decodeF64(raw, length, to);
      else if (dtype === "F8_E4M3") kernel.decodeE4M3(raw, length, to);
      else kernel.decodeE5M2(raw, length, to);
    }
    if (!isExact(dtype, precision)) this.roundAt(to, length, precision);
  }

  override encode(values: Float32Array, dtype: WritableDtype, out: Uint8Array): void {
    if (dtype === "F32") {
      out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return;
    }
    const { kernel, memory } = this;
    const own = memory.addressOf(out);
    const encode = dtype === "BF16" ? kernel.encodeBF16 : kernel.encodeF16;
    const work = (length: number, [from]: readonly number[], at: number) => {
      const rest = Math.min(length, values.length - at);
      const home = own >= 0 && rest === length;
      const to = home ? own + 2 * at : memory.apart(out.byteOffset + 2 * at, memory.raw);
      encode(from!, length, to);
      if (!home) out.set(memory.bytes.subarray(to, to + 2 * rest), 2 * at);
    };
    memory.over([values], [], work, RAW_BYTES / 2);
  }

  override findNonFinite({ dtype, bytes }: StoredValues): number {
    const { kernel, memory } = this;
    const size = bytesPer[dtype];
    const find = size === 1 ? kernel.findSpecial8 : size === 2 ? kernel.findSpecial16 : kernel.findSpecial32;
    for (let from = 0; from < bytes.length; from += RAW_BYTES) {
      const to = Math.min(from + RAW_BYTES, bytes.length);
      const length = (to - from) / size;
      let at = memory.bring(bytes, from, to, memory.raw);
      if (dtype === "F64") {
        kernel.decodeF64(at, length, memory.stage);
        at = memory.stage;
      }
      const found = find(at, length, SPECIAL[dtype]);
      if (found >= 0) return from / size + found;
    }
    return -1;
  }

  override round(values: Float32Array, precision: Precision): void {
    if (precision === "float32") return;
    this.memory.over([values], [values], (length, [at]) => this.roundAt(at!, length, precision));
  }

  protected roundAt(at: number, length: number, precision: Precision): void {
    if (precision === "bfloat16") this.kernel.roundBF16(at, length);
    else if (precision === "float16") this.kernel.roundF16(at, length);
  }

  override weightedSum(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: Float32Array,
    divisor: number,
    precision: Precision,
  ): void {
    if (inputs.length === 0 || inputs.length > MOST_INPUTS) {
      super.weightedSum(inputs, weights, from, out, divisor, precision);
      return;
    }
    const { kernel, memory } = this;
    const layout = this.layoutOf(inputs, weights, precision);
    const sum = layout.halves ? kernel.weightedSumBF16 : kernel.weightedSumF32;
    const work = (length: number, [to]: readonly number[], at: number) => {
      this.bringInputs(inputs, layout, from + at, length, precision);
      sum(memory.addresses.byteOffset, memory.weights.byteOffset, inputs.length, length, to!, divisor);
      this.roundAt(to!, length, precision);
    };
    memory.over([], [out], work, layout.longest);
  }

  override weightedSumEncoded(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    { dtype, bytes }: EncodedValues,
    divisor: number,
    precision: Precision,
  ): void {
    const count = inputs.length;
    if (count === 0 || count > MOST_INPUTS) {
      super.weightedSumEncoded(inputs, weights, from, { dtype, bytes }, divisor, precision);
      return;
    }
    const { kernel, memory } = this;
    const layout = this.layoutOf(inputs, weights, precision);
    const addresses = memory.addresses.byteOffset;
    const factors = memory.weights.byteOffset;
    const size = bytesPer[dtype];
    const total = bytes.length / size;
    for (let at = 0; at < total; at += layout.longest) {
      const length = Math.min(layout.longest, total - at);
      const padded = Math.ceil(length / GROUP) * GROUP;
      this.bringInputs(inputs, layout, from + at, padded, precision);
      const result = memory.apart(bytes.byteOffset + at * size, dtype === "F32" ? memory.stage : memory.raw);
      if (layout.halves && dtype === "BF16") {
        kernel.weightedSumToBF16(addresses, factors, count, padded, result, divisor);
      } else {
        const sum = layout.halves ? kernel.weightedSumBF16 : kernel.weightedSumF32;
        const to = dtype === "F32" ? result : memory.stage;
        sum(addresses, factors, count, padded, to, divisor);
        this.roundAt(to, padded, precision);
        if (dtype === "BF16") kernel.encodeBF16(to, padded, result);
        else if (dtype === "F16") kernel.encodeF16(to, padded, result);
      }
      bytes.set(memory.bytes.subarray(result, result + length * size), at * size);
    }
  }

  /** How inputs lie in the stage, behind the place for their sum; sets the weights. */
  private layoutOf(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    precision: Precision,
  ): InputLayout {
    const { memory } = this;
    let halves = precision !== "float16";
    let direct = precision === "float32";
    for (let k = 0; k < inputs.length; k++) {
      memory.weights[k] = weights[k]!;
      halves &&= inputs[k]!.dtype === "BF16";
      direct &&= inputs[k]!.dtype === "F32";
    }
    const room = Math.floor(CACHED / inputs.length / 64) * 64;
    // Too many inputs for a page each lie side by side.
    const spread = room >= 4 * PAGE;
    const size = halves ? 2 : 4;
    const fitting = Math.floor((room - (spread ? PAGE + MARGIN : 0)) / size / 64) * 64;
    return {
      halves,
      spread,
      room,
      longest: Math.min(halves ? LONGEST : direct ? LONGEST / 2 : BLOCK, fitting),
    };
  }

  /** Elements [from, from + length) of all inputs, as BF16 where all are, else as float32; sets their addresses. */
  private bringInputs(
    inputs: readonly StoredValues[],
    { halves, spread, room }: InputLayout,
    from: number,
    length: number,
    precision: Precision,
  ): void {
    const { memory } = this;
    const size = halves ? 2 : 4;
    const first = memory.stage + STAGE_BYTES - CACHED;
    for (let k = 0; k < inputs.length; k++) {
      const input = inputs[k]!;
      const place = first + k * room;
      if (halves || (input.dtype === "F32" && precision === "float32")) {
        const share = spread ? k / inputs.length : null;
        memory.addresses[k] = memory.bring(input.bytes, from * size, (from + length) * size, place, share);
      } else {
        this.decodeAt(input, from, length, place, precision);
        memory.addresses[k] = place;
      }
    }
  }

  override subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    this.elementwise(this.kernel.subtract, a, b, out, precision);
  }

  override add(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    this.elementwise(this.kernel.add, a, b, out, precision);
  }

  override multiply(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    this.elementwise(this.kernel.multiply, a, b, out, precision);
  }

  override divide(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    this.elementwise(this.kernel.divide, a, b, out, precision);
  }

  override scale(a: Float32Array, w: number, out: Float32Array, precision: Precision): void {
    this.byNumber(this.kernel.scale, a, w, out, precision);
  }

  override divideBy(a: Float32Array, d: number, out: Float32Array, precision: Precision): void {
    this.byNumber(this.kernel.divideBy, a, d, out, precision);
  }

  private elementwise(
    operation: KernelExports["add"],
    a: Float32Array,
    b: Float32Array,
    out: Float32Array,
    precision: Precision,
  ): void {
    this.memory.over([a, b], [out], (length, [x, y, to]) => {
      operation(x!, y!, length, to!);
      this.roundAt(to!, length, precision);
    });
  }

  private byNumber(
    operation: KernelExports["scale"],
    a: Float32Array,
    number: number,
    out: Float32Array,
    precision: Precision,
  ): void {
    this.memory.over([a], [out], (length, [from, to]) => {
      operation(from!, number, length, to!);
      this.roundAt(to!, length, precision);
    });
  }
}

/** Whether every value of the dtype is one of the precision too. */
function isExact(dtype: ReadableDtype, precision: Precision): boolean {
  if (precision === "float32" || dtype.startsWith("F8")) return true;
  return dtype === (precision === "bfloat16" ? "BF16" : "F16");
}
