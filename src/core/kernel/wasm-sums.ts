import { BLOCK, bytesPer, type EncodedValues, type Precision, type StoredValues } from "../merge/block-ops";
import { GROUP, MARGIN, MOST_INPUTS, PAGE, STAGE_BYTES } from "./kernel-memory";
import { WasmArithmetic } from "./wasm-arithmetic";

/** Bytes of inputs that leave room for their sum in a core's second cache. */
const CACHED = 768 * 2 ** 10;
/** Elements of a weighted sum at a time: long copies are the fastest. */
const LONGEST = 2 ** 16;

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

/** The weighted sums of `WasmOps`. */
export class WasmSums extends WasmArithmetic {
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
}
