import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentence } from "../../core/result";
import type { Subject } from "../../core/scoring/measurement";
import { type NodeSet, openNodeSet } from "./open-node-set";

const path = (from: string) => fileURLToPath(new URL(`../../../${from}`, import.meta.url));
const VALUES = path("reference/values/demo-scores.json");
const DEMO = path("public/zoo/demo");

interface Reference {
  readonly subjects: readonly {
    readonly id: string;
    readonly subject: Subject;
    readonly tasks: Readonly<Record<string, { readonly scores: number[][]; readonly texts?: string[] }>>;
  }[];
}

const itemsOf = (file: string) =>
  (JSON.parse(readFileSync(`${DEMO}/${file}`, "utf8")) as { items: { target: string }[] }).items;

const ready = existsSync(VALUES) && existsSync(`${DEMO}/items/sums.json`);

/** Log-likelihoods within 1e-3 nats of transformers' float32, and the same choice wherever two are further apart. */
describe.skipIf(!ready)("the demo set against transformers", () => {
  let node: NodeSet;
  beforeAll(async () => {
    const opened = await openNodeSet(DEMO);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    node = opened.value;
  }, 120_000);
  afterAll(() => node?.engine.close());

  const entries = ready ? (JSON.parse(readFileSync(VALUES, "utf8")) as Reference).subjects : [];
  it.each(entries.map((e) => [e.id, e] as const))(
    "%s",
    async (_, { subject, tasks }) => {
      const { engine, opened } = node;
      const outcome = await engine.measure(new AbortController().signal, { subject }, () => undefined);
      if (!outcome.ok) throw new Error(sentence(outcome.problem));
      const { scores } = outcome.value;
      for (const { spec, block, facts } of opened.tasks.tasks) {
        const expected = tasks[spec.id]!;
        for (const [i, want] of expected.scores.entries()) {
          const at = block.offset + i * block.width;
          const got = [...scores.subarray(at, at + block.width)];
          const place = `${spec.id} item ${i}`;
          if (spec.outputType === "generate_until") {
            const { target } = itemsOf(spec.itemsFile)[i]!;
            expect(got[0], place).toBe(expected.texts?.[i]?.trim() === target.trim() ? 1 : 0);
            expect(Math.abs(got[1]! - want[0]!), place).toBeLessThan(1e-3);
            continue;
          }
          if (spec.outputType === "loglikelihood_rolling") {
            expect(Math.abs(got[0]! - want[0]!), place).toBeLessThan(1e-3);
            expect(got[1], place).toBe(want[1]);
            continue;
          }
          const values = got.slice(0, facts[i]!.tokens.length);
          for (const [c, value] of values.entries())
            expect(Math.abs(value - want[c]!), place).toBeLessThan(1e-3);
          expect(values.indexOf(Math.max(...values)), place).toBe(want.indexOf(Math.max(...want)));
        }
      }
    },
    180_000,
  );
});
