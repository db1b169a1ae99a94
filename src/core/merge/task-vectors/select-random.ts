import { ok } from "../../result";
import { BLOCK, type Precision, roundTo } from "../block-ops";
import type { ComponentTensor, TensorTask } from "../merge-method";
import { textKey, type WordPair } from "../threefry";
import { ALL, type Selection, type Selector } from "./selection";

/** Type in which mergekit draws masks and rescales on a CPU; float16 has no random numbers there. */
export const workPrecision = (precision: Precision): Precision =>
  precision === "bfloat16" ? "bfloat16" : "float32";

const WORDS = 2 ** 32;

/** A component's stream of random words for one tensor: nothing else than these four decides it. */
export const maskKey = (
  { seed, tensor }: Pick<TensorTask, "seed" | "tensor">,
  method: string,
  { id }: Pick<ComponentTensor, "id">,
): WordPair => textKey(JSON.stringify([seed, method, tensor, id]));

/** A random word is below this with probability p, to 2⁻³³; p = 1 falls short by 2⁻³². */
export const thresholdFor = (p: number): number => Math.min(WORDS - 1, Math.round(p * WORDS));

/** DARE: keeps each entry with probability ρ, which bfloat16 mode rounds as mergekit does. */
export const selectAtRandom =
  (method: string): Selector =>
  ({ task, components, ops }) =>
    ok(
      components.map((component): Selection => {
        const { density = 1 } = component.settings;
        const p = roundTo(density, workPrecision(task.precision));
        if (p >= 1) return ALL;
        const key = maskKey(task, method, component);
        const bits = new Uint8Array(Math.ceil(task.length / 8));
        for (let from = 0; from < task.length; from += BLOCK)
          ops.randomBits(key, from, Math.min(BLOCK, task.length - from), thresholdFor(p), bits);
        return { kind: "bits", bits };
      }),
    );
