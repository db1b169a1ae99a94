import type { ReadableDtype, WritableDtype } from "../checkpoint/dtype";
import { BLOCK, bytesPer, PlainOps, type Precision, type StoredValues } from "../merge/block-ops";
import { KernelMemory, RAW_BYTES } from "./kernel-memory";
import type { KernelExports } from "./kernel-module";

/** Bits of the exponent; of F8_E4M3 those of its only NaN. */
const SPECIAL: Readonly<Record<ReadableDtype, number>> = {
  F64: 0x7f800000,
  F32: 0x7f800000,
  F16: 0x7c00,
  BF16: 0x7f80,
  F8_E4M3: 0x7f,
  F8_E5M2: 0x7c,
};

/** Tables that lie together for `countMagnitudes`: see the kernel's. */
export const tablesFor = (length: number): number => (length <= 2 ** 11 ? 4 : 1);

/** Blocks, conversions and elementwise arithmetic of `WasmOps`. */
export class WasmArithmetic extends PlainOps {
  protected readonly memory: KernelMemory;

  /** With `reserved` bytes behind its own memory, see `KernelStaging`. */
  constructor(
    protected readonly kernel: KernelExports,
    reserved = 0,
  ) {
    super();
    this.memory = new KernelMemory(kernel, reserved);
  }

  override scratch(length: number): Float32Array {
    const at = this.memory.take(length);
    return at < 0 ? new Float32Array(length) : this.memory.floats(at, length);
  }

  override counters(length: number): Uint32Array {
    const all = tablesFor(length) * length;
    const at = this.memory.take(all);
    if (at < 0) return new Uint32Array(length);
    return this.memory.words(at, all).fill(0).subarray(0, length);
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
  protected decodeAt(
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

  override subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    this.elementwise(this.kernel.subtract, a, b, out, precision);
  }

  override decodeDifference(
    values: StoredValues,
    base: Float32Array,
    from: number,
    out: Float32Array,
    precision: Precision,
  ): void {
    const { kernel, memory } = this;
    const halves = values.dtype === "BF16" && precision !== "float16";
    const work = (length: number, [other, to]: readonly number[], at: number) => {
      const start = from + at;
      if (halves) {
        const raw = memory.bring(values.bytes, 2 * start, 2 * (start + length), memory.raw);
        kernel.differenceBF16(raw, other!, length, to!);
      } else {
        this.decodeAt(values, start, length, to!, precision);
        kernel.subtract(to!, other!, length, to!);
      }
      this.roundAt(to!, length, precision);
    };
    memory.over([base], [out], work, BLOCK);
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

  override atLeast(values: Float32Array, minimum: number): void {
    this.memory.over([values], [values], (length, [at]) => this.kernel.atLeast(at!, minimum, length));
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
