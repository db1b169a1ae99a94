import { type BlockOps, type Precision, roundTo } from "../block-ops";

/**
 * ‖x‖ as torch 2.13 computes it on a CPU, in float32 with eight running sums, or one where x is float16: their rounding errors
 * grow with the tensor, to 5·10⁻⁴ of the norm at twelve million values, and are part of what mergekit makes. `stored` is the
 * type of x.
 */
export class TorchNorm {
  private readonly lanes = new Float32Array(8);
  private rest = new Float32Array(0);

  constructor(
    private readonly ops: BlockOps,
    private readonly stored: Precision,
  ) {}

  /** Blocks come in order; all but the last one hold a multiple of 16 values. */
  add(block: Float32Array): void {
    if (this.stored === "float16") {
      let sum = this.lanes[0]!;
      for (let i = 0; i < block.length; i++) sum = Math.fround(sum + block[i]! * block[i]!);
      this.lanes[0] = sum;
      return;
    }
    const tail = block.length % (this.stored === "float32" ? 8 : 16);
    const whole = block.length - tail;
    if (whole > 0) this.ops.addSquares(block.subarray(0, whole), this.lanes);
    this.rest = block.slice(whole);
  }

  /** Rounded to `precision`. */
  value(precision: Precision = this.stored): number {
    let sum = this.lanes[0]!;
    for (const lane of this.lanes.subarray(1)) sum = Math.fround(sum + lane);
    // The last one to three squares are fused with the addition.
    const fused = this.rest.length - (this.rest.length % 4);
    for (const [i, x] of this.rest.entries())
      sum = Math.fround(sum + (i < fused ? Math.fround(x * x) : x * x));
    return roundTo(Math.sqrt(sum), precision);
  }
}
