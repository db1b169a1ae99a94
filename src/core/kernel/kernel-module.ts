import { RELAXED_BINARY, SIMD_BINARY } from "./kernel-binary";

type Unary = (from: number, length: number, out: number) => void;
type Binary = (a: number, b: number, length: number, out: number) => void;
type ByNumber = (a: number, number: number, length: number, out: number) => void;
type InPlace = (values: number, length: number) => void;
type OverRows = (rows: number, count: number, length: number, out: number) => void;
type Sum = (values: number, length: number, strands: number) => void;
type Find = (from: number, length: number, mask: number) => number;
type WeightedSum = (
  inputs: number,
  weights: number,
  count: number,
  length: number,
  out: number,
  divisor: number,
) => void;

/** What assembly/index.ts exports: arrays are addresses in `memory`, lengths count elements. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** Where the memory begins that is free. */
  readonly heap: WebAssembly.Global;
  readonly decodeBF16: Unary;
  readonly decodeF16: Unary;
  readonly decodeE4M3: Unary;
  readonly decodeE5M2: Unary;
  readonly decodeF64: Unary;
  readonly differenceBF16: Binary;
  readonly encodeBF16: Unary;
  readonly encodeF16: Unary;
  readonly roundBF16: InPlace;
  readonly roundF16: InPlace;
  readonly findSpecial8: Find;
  readonly findSpecial16: Find;
  readonly findSpecial32: Find;
  readonly weightedSumBF16: WeightedSum;
  readonly weightedSumF32: WeightedSum;
  readonly weightedSumToBF16: WeightedSum;
  readonly add: Binary;
  readonly subtract: Binary;
  readonly multiply: Binary;
  readonly divide: Binary;
  readonly scale: ByNumber;
  readonly divideBy: ByNumber;
  readonly fillZeros: InPlace;
  atLeast(values: number, minimum: number, length: number): void;
  readonly sumRows: OverRows;
  readonly variance: OverRows;
  sumAgreeing(
    rows: number,
    weights: number,
    count: number,
    majority: number,
    length: number,
    out: number,
    divisor: number,
  ): void;
  keepAgreeing(values: number, majority: number, length: number): void;
  countMagnitudes(
    values: number,
    length: number,
    shift: number,
    bits: number,
    prefix: number,
    counts: number,
    tables: number,
  ): void;
  collectBetween(
    values: number,
    length: number,
    low: number,
    high: number,
    out: number,
    counts: number,
  ): void;
  keepBand(
    values: number,
    length: number,
    low: number,
    high: number,
    lowFrom: number,
    lowTo: number,
    highFrom: number,
    highTo: number,
    seen: number,
  ): void;
  keepBits(values: number, length: number, bits: number, first: number): void;
  magnitudeRanks(values: number, length: number, ranks: number, spare: number): void;
  randomBits(k0: number, k1: number, from: number, count: number, threshold: number, bits: number): void;
  rankedBits(
    k0: number,
    k1: number,
    from: number,
    ranks: number,
    count: number,
    thresholds: number,
    bits: number,
  ): void;
  readonly sum: Sum;
  readonly sumAbs: Sum;
  readonly addSquares: Sum;
  dot(x: number, y: number, length: number, strands: number): void;
  sha256(state: number, bytes: number, blocks: number): void;
}

export type KernelVariant = "simd" | "relaxed";

const compiled = new Map<KernelVariant, Promise<WebAssembly.Module>>();

/** An instance with a memory of its own; null where this engine lacks the instructions. */
export async function instantiateKernel(variant: KernelVariant): Promise<KernelExports | null> {
  if (typeof WebAssembly === "undefined") return null;
  let module = compiled.get(variant);
  if (!module) {
    const binary = kernelBinary(variant);
    if (!WebAssembly.validate(binary)) return null;
    module = WebAssembly.compile(binary);
    compiled.set(variant, module);
  }
  const instance = await WebAssembly.instantiate(await module);
  return instance.exports as unknown as KernelExports;
}

/** The module's bytes; whether they validate tells whether the engine has the instructions. */
export function kernelBinary(variant: KernelVariant): Uint8Array<ArrayBuffer> {
  const base64 = variant === "relaxed" ? RELAXED_BINARY : SIMD_BINARY;
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
