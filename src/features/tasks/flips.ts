import type { TaskSetLayout } from "../../core/scoring/task";
import { goldLogLikelihoods, type ItemVerdict, itemVerdicts } from "./item-values";

/** An item on which two models are compared. */
export interface ItemPair {
  readonly task: number;
  readonly item: number;
  readonly a: ItemVerdict;
  readonly b: ItemVerdict;
  /** Log-likelihood of the gold under B minus under A, nats; NaN where there is none. */
  readonly gain: number;
}

export interface TaskFlips {
  readonly task: number;
  /** Items that both have scored. */
  readonly common: number;
  readonly gained: number;
  readonly lost: number;
  /** Mean of the gains in log-likelihood of the gold, nats an item; NaN without any. */
  readonly meanGain: number;
}

/** Every item that both rows have scored, task after task. */
export function itemPairs(layout: TaskSetLayout, a: Float32Array, b: Float32Array): ItemPair[] {
  return layout.tasks.flatMap((task, t) => {
    const [va, vb] = [itemVerdicts(task, a), itemVerdicts(task, b)];
    const [ga, gb] = [goldLogLikelihoods(task, a), goldLogLikelihoods(task, b)];
    const { offset, width, items } = task.block;
    const pairs: ItemPair[] = [];
    for (let item = 0; item < items; item++) {
      const at = offset + item * width;
      if (Number.isNaN(a[at]!) || Number.isNaN(b[at]!)) continue;
      pairs.push({ task: t, item, a: va[item]!, b: vb[item]!, gain: gb[item]! - ga[item]! });
    }
    return pairs;
  });
}

export const isGained = ({ a, b }: ItemPair): boolean => a === "wrong" && b === "right";
export const isLost = ({ a, b }: ItemPair): boolean => a === "right" && b === "wrong";

/** Counts of what flipped, a task. */
export function countFlips(layout: TaskSetLayout, pairs: readonly ItemPair[]): TaskFlips[] {
  return layout.tasks.map((_, task) => {
    const mine = pairs.filter((p) => p.task === task);
    const gains = mine.map((p) => p.gain).filter(Number.isFinite);
    return {
      task,
      common: mine.length,
      gained: mine.filter(isGained).length,
      lost: mine.filter(isLost).length,
      meanGain: gains.reduce((sum, g) => sum + g, 0) / gains.length,
    };
  });
}
