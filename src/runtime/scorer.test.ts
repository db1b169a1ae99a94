import { beforeAll, expect, it } from "vitest";
import { PlainOps } from "../core/merge/block-ops";
import { LINEAR, resolveChoice } from "../core/merge/merge-choice";
import { Generation, generationJobs } from "../core/scoring/generation";
import { packBatches, paddingShare } from "../core/scoring/pack";
import { type Backend, openBackend } from "./backend";
import { DecoderSession } from "./decoder-session";
import { generate } from "./generator";
import { openWeightBank } from "./open-bank";
import { emptyRow, scoreInto } from "./scorer";
import { loadSet, type Scoring } from "./set-loader";
import { testPlatform } from "./test-platform.fixture";
import { tinySet } from "./tiny-set.fixture";
import type { WeightBank } from "./weight-bank";

let set: Scoring;
let backend: Backend;
let session: DecoderSession;
let bank: WeightBank;

beforeAll(async () => {
  const platform = testPlatform(await tinySet());
  const ops = new PlainOps();
  const loaded = await loadSet(platform, "mem/demix-set.json", ops);
  const opened = await openBackend(platform, "wasm");
  if (!loaded.ok || typeof opened === "string") throw new Error("the tiny set does not open");
  const { base, components, scoring } = loaded.value;
  const choice = resolveChoice(LINEAR, components.length);
  if (!scoring || !choice.ok) throw new Error("the tiny set cannot be scored");
  set = scoring;
  backend = opened;
  session = await DecoderSession.open(backend, set.model);
  bank = openWeightBank(backend, { inputs: session.weights, base, components, ops });
  await bank.merge({ choice: choice.value, weights: [0.4, 0.4, 0.2] });
}, 120_000);

it("gives every item the same score whatever it is batched with", async () => {
  const { plan } = set;
  const rows: Float32Array[] = [];
  for (const batchTokens of [1, 40, 100, 1000]) {
    const row = emptyRow(plan);
    await scoreInto(row, session, bank.feeds, plan, { batchTokens });
    rows.push(row);
  }
  for (const row of rows.slice(1))
    for (const [i, value] of rows[0]!.entries())
      if (!Number.isNaN(value))
        expect(Math.abs(row[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
});

it("gives packed choices the scores that they get alone", async () => {
  const { plan } = set;
  const apart = {
    ...plan,
    slices: plan.slices.map((slice) =>
      slice.map((item) => ({
        ...item,
        trees: item.trees.flatMap((tree) =>
          Array.from({ length: item.sequences }, (_, slot) => only(tree, slot)).filter(
            (t) => t.targets.length > 0,
          ),
        ),
      })),
    ),
  };
  const [packed, alone] = [emptyRow(plan), emptyRow(plan)];
  await scoreInto(packed, session, bank.feeds, plan, {});
  await scoreInto(alone, session, bank.feeds, apart, { batchTokens: 1 });
  for (const [i, value] of packed.entries())
    if (!Number.isNaN(value))
      expect(Math.abs(alone[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
});

/** The part of a tree that one sequence needs. */
function only(tree: Scoring["plan"]["slices"][0][0]["trees"][0], slot: number): typeof tree {
  const wanted = new Set<number>();
  const asked = tree.slots.flatMap((s, k) => (s === slot ? [k] : []));
  for (const k of asked) for (let n = tree.sources[k]!; n >= 0; n = tree.parents[n]!) wanted.add(n);
  const nodes = [...wanted].sort((a, b) => a - b);
  return {
    tokens: nodes.map((n) => tree.tokens[n]!),
    parents: nodes.map((n) => nodes.indexOf(tree.parents[n]!)),
    depths: nodes.map((n) => tree.depths[n]!),
    sources: asked.map((k) => nodes.indexOf(tree.sources[k]!)),
    targets: asked.map((k) => tree.targets[k]!),
    slots: asked.map(() => slot),
  };
}

it("writes the same texts in every batch, and as without a cache", async () => {
  const { plan } = set;
  const jobs = plan.slices
    .flat()
    .flatMap(({ item, generate: request }) => (request ? generationJobs(request, "write", item) : []));
  expect(jobs).toHaveLength(7);
  const together = await generate(session, bank.feeds, jobs, plan.tokenizer);
  for (const [i, job] of jobs.entries()) {
    const alone = await generate(session, bank.feeds, [job], plan.tokenizer);
    expect(alone![0]!.tokens).toEqual(together![i]!.tokens);
    const slow = new Generation(job, plan.tokenizer);
    while (slow.text === null) {
      const { request } = job;
      const prefix = { ...request, prompt: [...request.prompt, ...slow.tokens], maxTokens: 1 };
      const [next] = (await generate(session, bank.feeds, [{ ...job, request: prefix }], plan.tokenizer))!;
      slow.take(next!.tokens[0] ?? plan.tokenizer.prefixToken);
    }
    expect(slow.text).toBe(together![i]!.text);
  }
});

it("wastes little on padding", () => {
  const units = set.plan.slices.flat().flatMap((item) => item.trees.map((tree) => ({ owner: item, tree })));
  const batches = packBatches(units, { tokens: 256, targets: 10_000 });
  expect(paddingShare(batches)).toBeLessThan(0.12);
  expect(batches.reduce((n, b) => n + b.placed.length, 0)).toBe(units.length);
  for (const b of batches) expect(b.rows * b.length).toBeLessThanOrEqual(256);
});
