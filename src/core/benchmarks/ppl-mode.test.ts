import { expect, it } from "vitest";
import { sentence } from "../result";
import { prepareTasks } from "../scoring/layout";
import { metricEstimate } from "../scoring/metrics";
import type { TextTokenizer } from "../scoring/tokenizer";
import { compileBenchmark } from "./compile-benchmark";
import { recognise } from "./recognise";

/** One token a character. */
const characters: TextTokenizer = {
  encode: (text) => [...text].map((c) => c.codePointAt(0)!),
  decode: (ids) => String.fromCodePoint(...ids),
  prefixToken: 0,
  stopTokens: new Set([0]),
};

it("scores the whole text behind its first token, and divides by all tokens", async () => {
  const rows = [{ goal: "g", sol1: "ab", sol2: "abcdefghij", label: 1 }];
  const [task] = recognise([{ name: "valid.jsonl", rows }]).tasks;
  const made = await compileBenchmark(task!, { mode: "opencompass-ppl" });
  if (!made.ok) throw new Error(sentence(made.problem));
  const { spec, items } = made.value;
  const domains = [{ id: "general", label: "General" }];
  const set = { format: "demix-tasks", version: 2, name: "PPL", domains, tasks: [spec] } as const;
  const prepared = await prepareTasks(set, [items], characters, 256);
  if (!prepared.ok) throw new Error(sentence(prepared.problem));
  const { requests, layout } = prepared.value;
  const text = "The following makes sense: \nQ: g\nA: ab\n";
  expect(requests[0]![0]!.sequences[0]).toEqual({ tokens: characters.encode(text), from: 1 });
  const n = text.length;
  const accuracy = (first: number, second: number) =>
    metricEstimate("acc_ppl", layout.tasks[0]!, Float32Array.of(first, second)).value;
  // The second text has eight tokens more: the same loss a token wins by a smaller loss on the whole only.
  expect(accuracy(-n, -(n + 8) * 0.99)).toBe(1);
  expect(accuracy(-n, -(n + 8) * 1.01)).toBe(0);
  // Dividing by the scored tokens (n − 1) would choose the second one here.
  expect(accuracy(-100, (-100 * (n + 7.9999)) / n)).toBe(1);
  expect(accuracy(-100, (-100 * (n + 8.0001)) / n)).toBe(0);
});
