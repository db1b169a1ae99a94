import { BLOCK, type BlockOps } from "../block-ops";
import type { ComponentTensor, TensorTask } from "../merge-method";
import type { MagnitudeSource } from "./order-statistics";

/** Blocks of all components that are held at once stay below this many floats. */
const HELD = 16 * BLOCK;

/** Elements of a block when `rows` of them are held: BLOCK for up to 16 rows, less for more; a multiple of 1024. */
export const blockLength = (rows: number): number =>
  rows <= HELD / BLOCK ? BLOCK : Math.max(1024, Math.floor(HELD / rows / 1024) * 1024);

/** The updates δ_i = Θ_i − Θ_base of a task, read block by block as often as needed. */
export class TaskVectors implements MagnitudeSource {
  readonly base: Float32Array;
  readonly delta: Float32Array;
  readonly length: number;

  constructor(
    readonly task: TensorTask,
    /** Those whose updates count. */
    readonly components: readonly ComponentTensor[],
    readonly ops: BlockOps,
  ) {
    this.length = task.length;
    const length = Math.min(BLOCK, task.length);
    this.base = ops.scratch(length);
    this.delta = ops.scratch(length);
  }

  /** Calls `use` with blocks of the components' updates, block after block; it may change the block. */
  each(
    use: (component: number, from: number, delta: Float32Array) => void,
    which: readonly number[] = this.components.map((_, k) => k),
    step = 1,
  ): void {
    const { task, ops } = this;
    for (let from = 0; from < task.length; from += step * BLOCK) {
      const length = Math.min(BLOCK, task.length - from);
      const base = this.base.subarray(0, length);
      ops.decode(task.base!, from, base, task.precision);
      const delta = this.delta.subarray(0, length);
      for (const k of which) {
        this.read(k, from, base, delta);
        use(k, from, delta);
      }
    }
  }

  /** One component's update from element `from` on, given the base there. */
  read(component: number, from: number, base: Float32Array, out: Float32Array): void {
    const { precision } = this.task;
    this.ops.decodeDifference(this.components[component]!.values, base, from, out, precision);
  }
}
