export { decodeBF16, decodeE4M3, decodeE5M2, decodeF16, decodeF64, differenceBF16 } from "./decode";
export { add, atLeast, divide, divideBy, fillZeros, multiply, scale, subtract } from "./elementwise";
export { encodeBF16, encodeF16, roundBF16, roundF16 } from "./encode";
export { collectBetween, countMagnitudes, keepBand, keepBits } from "./magnitudes";
export { randomBits, rankedBits } from "./random";
export { magnitudeRanks } from "./ranks";
export { keepAgreeing, sumAgreeing, sumRows, variance } from "./rows";
export { sha256 } from "./sha256";
export { findSpecial16, findSpecial32, findSpecial8 } from "./special";
export { addSquares, dot, sum, sumAbs } from "./sums";
export { weightedSumBF16, weightedSumF32, weightedSumToBF16 } from "./weighted-sum";

/** Where the memory begins that the host divides up. */
export const heap: usize = __heap_base;
