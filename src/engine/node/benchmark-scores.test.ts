import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchmarkId } from "../../core/benchmarks/benchmark";
import { sentence } from "../../core/result";
import { textScores } from "../../core/scoring/item-scores";
import type { Subject } from "../../core/scoring/measurement";
import { metricEstimate } from "../../core/scoring/metrics";
import type { TaskSetLayout } from "../../core/scoring/task";
import type { CompiledTask } from "../../core/tasks/compile-tasks";
import { bundleOf, compiledOwnTasks, opencompassLosses, reference } from "./benchmark-items.fixture";
import { type NodeSet, openNodeSet } from "./open-node-set";

const DEMO = fileURLToPath(new URL("../../../public/zoo/demo", import.meta.url));
const signal = new AbortController().signal;
const SUBJECTS: Readonly<Record<string, Subject>> = {
  base: { kind: "base" },
  code_high: { kind: "mixture", alpha: [0, 1, 0, 0, 0] },
  math_low: { kind: "mixture", alpha: [0, 0, 0, 0, 1] },
};
const best = (values: readonly number[]) => values.indexOf(Math.max(...values));

/** lm-eval 0.4.13 with HFLM in float32: log-likelihoods within 1e-3 nats, the same choices and generated texts. */
describe("the nine benchmarks against lm-eval", () => {
  const { tasks: expected, maxGenToks } = reference();
  let node: NodeSet;
  let compiled: CompiledTask[];
  let layout: TaskSetLayout;
  beforeAll(async () => {
    const opened = await openNodeSet(DEMO);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    node = opened.value;
    compiled = await compiledOwnTasks(maxGenToks);
    const set = await node.engine.setTasks(signal, bundleOf(compiled));
    if (!set.ok) throw new Error(sentence(set.problem));
    layout = set.value;
  }, 120_000);
  afterAll(() => node?.engine.close());

  it.each(Object.keys(SUBJECTS))("%s", { timeout: 180_000 }, async (name) => {
    const outcome = await node.engine.measure(
      signal,
      { subject: SUBJECTS[name]!, details: true },
      () => undefined,
    );
    if (!outcome.ok) throw new Error(sentence(outcome.problem));
    const { scores, details = [] } = outcome.value;
    for (const [t, { spec, block, facts }] of layout.tasks.entries()) {
      const want = expected[spec.id as BenchmarkId].scores[name]!;
      expect(block.items, spec.id).toBe(want.items.length);
      for (const [i, item] of want.items.entries()) {
        const place = `${spec.id} item ${i}`;
        const at = block.offset + i * block.width;
        if (typeof item === "string") {
          const detail = details.find((d) => d.task === t && d.item === i);
          expect(detail?.texts, place).toEqual([item]);
          for (const [c, { filter, use }] of textScores(spec).entries())
            if (use.metric === "exact_match")
              expect(scores[at + c], `${place}, ${filter}`).toBe(want.right?.[filter]?.[i]);
          continue;
        }
        const got = [...scores.subarray(at, at + facts[i]!.tokens.length)];
        expect(got.length, place).toBe(item.length);
        for (const [c, value] of got.entries()) expect(Math.abs(value - item[c]!), place).toBeLessThan(1e-3);
        expect(best(got), place).toBe(best(item));
        const lengths = facts[i]!.chars;
        expect(best(got.map((v, c) => v / lengths[c]!)), place).toBe(
          best(item.map((v, c) => v / lengths[c]!)),
        );
      }
    }
  });

  it("OpenCompass's PPL mode, against its rule on transformers' logits", { timeout: 180_000 }, async () => {
    const tasks = await compiledOwnTasks(maxGenToks, "opencompass-ppl");
    const set = await node.engine.setTasks(signal, bundleOf(tasks));
    if (!set.ok) throw new Error(sentence(set.problem));
    const outcome = await node.engine.measure(signal, { subject: { kind: "base" } }, () => undefined);
    if (!outcome.ok) throw new Error(sentence(outcome.problem));
    const values = opencompassLosses();
    expect(set.value.tasks.map((task) => task.spec.id)).toEqual(Object.keys(values));
    for (const task of set.value.tasks) {
      const { spec, block, facts } = task;
      const want = values[spec.id]!;
      expect(block.items, spec.id).toBe(want.length);
      for (const [i, { losses, chosen }] of want.entries()) {
        const at = block.offset + i * block.width;
        const got = losses.map((_, c) => -outcome.value.scores[at + c]! / (facts[i]!.tokens[c]! + 1));
        for (const [c, loss] of got.entries()) expect(Math.abs(loss - losses[c]!)).toBeLessThan(1e-4);
        expect(got.indexOf(Math.min(...got)), `${spec.id} item ${i}`).toBe(chosen);
      }
      const right = want.filter(({ chosen }, i) => chosen === facts[i]!.gold).length;
      expect(metricEstimate("acc_ppl", task, outcome.value.scores).value).toBeCloseTo(right / want.length, 6);
    }
  });
});
