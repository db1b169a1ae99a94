import { ok } from "../result";
import { BLOCK, type BlockOps } from "./block-ops";
import type { MergeMethod } from "./merge-method";
import { torchSum } from "./torch-sum";
import { blocksOf } from "./whole-tensor/spans";
import { TorchNorm } from "./whole-tensor/torch-norm";
import { TorchTotal } from "./whole-tensor/torch-total";
import { clamp } from "./whole-tensor/weights";

/** Above this cosine, either sign, the arc counts as a line. */
const STRAIGHT = 0.9995;
/** A norm not above this counts as 1. */
const TINY = 1e-8;
/** Values whose norms and products mergekit adds up by themselves. */
const CHUNK = 2 ** 20;

/** Spherical linear interpolation between the base and one component, in float32 whatever the precision, as mergekit does. */
export const slerp: MergeMethod = {
  name: "slerp",
  label: "SLERP",
  help: "Goes from the base to the one component along an arc instead of a line.",
  base: "needed",
  weighted: false,
  models: { min: 1, max: 1 },
  elementwise: false,
  random: false,
  parameters: [
    {
      name: "t",
      label: "Position t",
      help: "0 is the base, 1 the component.",
      unit: "",
      kind: "number",
      min: 0,
      max: 1,
      default: 0.5,
      scope: "merge",
    },
  ],
  merge({ base, components, length, precision, settings }, ops, sink) {
    const size = Math.min(BLOCK, length);
    const [a, b] = [ops.scratch(size), ops.scratch(size)];
    const blocks = function* () {
      for (const span of blocksOf({ from: 0, length })) {
        const x = a.subarray(0, span.length);
        const y = b.subarray(0, span.length);
        ops.decode(base!, span.from, x, precision);
        ops.decode(components[0]!.values, span.from, y, precision);
        yield { from: span.from, x, y };
      }
    };
    const [ofX, ofY] = [new ChunkedNorm(ops), new ChunkedNorm(ops)];
    for (const { from, x, y } of blocks()) {
      ofX.add(x, from);
      ofY.add(y, from);
    }
    const [normX, normY] = [ofX.divisor(), ofY.divisor()];
    const dots: TorchTotal[] = [];
    for (const { from, x, y } of blocks()) {
      if (from % CHUNK === 0) dots.push(new TorchTotal(ops, "float32", Math.min(CHUNK, length - from)));
      ops.divideBy(x, normX, x, "float32");
      ops.divideBy(y, normY, y, "float32");
      ops.multiply(x, y, x, "float32");
      dots.at(-1)!.add(x);
    }
    const cosine = torchSum(dots.map((dot) => dot.value()));
    const [ofBase, ofOther] = coefficients(Math.fround(settings.t!), cosine);
    for (const { from, x, y } of blocks()) {
      ops.scale(x, ofBase, x, "float32");
      ops.scale(y, ofOther, y, "float32");
      ops.add(x, y, x, precision);
      sink(from, x);
    }
    return ok(null);
  },
};

/** The norm of the norms of chunks, as mergekit takes it. */
class ChunkedNorm {
  private readonly parts: TorchNorm[] = [];

  constructor(private readonly ops: BlockOps) {}

  add(block: Float32Array, from: number): void {
    if (from % CHUNK === 0) this.parts.push(new TorchNorm(this.ops, "float32"));
    this.parts.at(-1)!.add(block);
  }

  divisor(): number {
    const whole = new TorchNorm(this.ops, "float32");
    whole.add(Float32Array.from(this.parts, (part) => part.value()));
    const norm = whole.value();
    return norm > Math.fround(TINY) ? norm : 1;
  }
}

/** Factors of both ends at position t of an arc with this cosine; float32 numbers. */
function coefficients(t: number, cosine: number): [number, number] {
  const f = Math.fround;
  const dot = f(clamp(cosine, -1, 1));
  const rest = f(1 - t);
  if (Math.abs(dot) > f(STRAIGHT)) return [rest, t];
  const angle = f(Math.acos(dot));
  const sine = f(Math.sin(angle));
  return [f(f(Math.sin(f(rest * angle))) / sine), f(f(Math.sin(f(t * angle))) / sine)];
}
