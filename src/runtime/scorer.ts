import { exactMatch } from "../core/scoring/generation";
import { batchFeeds, type PackedBatch, type PackUnit, packBatches } from "../core/scoring/pack";
import { childSeed, seededRandom } from "../core/seeded-random";
import type { MeasureUpdate } from "../protocol/engine-protocol";
import type { DecoderSession } from "./decoder-session";
import { generate } from "./generator";
import type { Feeds } from "./ort";
import { yieldToEvents } from "./run-queue";
import type { PlannedItem, ScorePlan } from "./score-plan";
import { elements } from "./weight-bank";

export interface ScoreOptions {
  /** Row of item scores to go on from; items that have a score are left out. */
  readonly known?: Float32Array | undefined;
  /** Items of the stratified order to score at most. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onUpdate?: ((update: MeasureUpdate) => void) | undefined;
  /** Tokens in one run of the graph; no score depends on it. */
  readonly batchTokens?: number;
}

export interface ScoreOutcome {
  readonly complete: boolean;
  /** Tokens computed, padding aside. */
  readonly tokens: number;
}

/** Tokens of one run: enough to keep the backend busy, few enough to stop soon, so fewer for a large model. */
const BATCH_TOKENS = { cpu: 1024, gpu: 4096 };
const CPU_WORK = 8e9;
/** Floats of the head's logits in one run at most. */
const LOGITS = 2 ** 26;
const GENERATE_ROWS = 32;

const now = () => performance.now();

/**
 * Scores the plan's items slice by slice into `row` (see ScoreBlock), which holds what is known when it fails or stops.
 * Between batches it stops where the signal says so.
 */
export async function scoreInto(
  row: Float32Array,
  session: DecoderSession,
  weights: Feeds,
  plan: ScorePlan,
  options: ScoreOptions,
): Promise<ScoreOutcome> {
  const started = now();
  const stopped = () => options.signal?.aborted === true;
  const job: Job = { row, session, weights, plan, options, tokens: 0 };
  let left = Math.min(options.limit ?? plan.items, plan.items);
  for (const [s, slice] of plan.slices.entries()) {
    const part = slice.slice(0, left);
    left -= part.length;
    const todo = part.filter(({ at }) => Number.isNaN(row[at]!));
    if (todo.length > 0) {
      const done = (await scoreSequences(job, todo, childSeed(s, 1))) && (await generateTexts(job, todo));
      if (!done || stopped()) return { complete: false, tokens: job.tokens };
      options.onUpdate?.({
        scores: row.slice(),
        done: countScored(plan, row),
        total: plan.items,
        seconds: (now() - started) / 1000,
      });
    }
    if (left === 0) break;
  }
  return { complete: countScored(plan, row) === plan.items, tokens: job.tokens };
}

/** A row without any score. */
export const emptyRow = (plan: ScorePlan): Float32Array =>
  new Float32Array(plan.layout.floats).fill(Number.NaN);

export function countScored(plan: ScorePlan, row: Float32Array): number {
  let n = 0;
  for (const { block } of plan.layout.tasks)
    for (let i = 0; i < block.items; i++) if (!Number.isNaN(row[block.offset + i * block.width]!)) n++;
  return n;
}

interface Job {
  readonly row: Float32Array;
  readonly session: DecoderSession;
  readonly weights: Feeds;
  readonly plan: ScorePlan;
  readonly options: ScoreOptions;
  tokens: number;
}

/** Sums of an item whose trees are not all computed yet. */
interface Pending {
  readonly item: PlannedItem;
  readonly sums: Float64Array;
  greedy: number;
  treesLeft: number;
}

async function scoreSequences(job: Job, items: readonly PlannedItem[], seed: number): Promise<boolean> {
  const { session, options } = job;
  const units = items.flatMap((item): PackUnit<Pending>[] => {
    const { sequences, trees } = item;
    const owner = { item, sums: new Float64Array(sequences), greedy: 0, treesLeft: trees.length };
    return trees.map((tree) => ({ owner, tree }));
  });
  const tokens = options.batchTokens ?? batchTokens(session);
  const targets = Math.max(1, Math.floor(LOGITS / session.model.vocabulary));
  for (const batch of shuffled(packBatches(units, { tokens, targets }), seed)) {
    await yieldToEvents();
    if (options.signal?.aborted) return false;
    const { logProb, gap } = await session.score(job.weights, batch, batchFeeds(batch));
    job.tokens += batch.used;
    take(job, batch, logProb, gap);
  }
  return true;
}

/** Multiplications a token are about as many as weights. */
function batchTokens({ backend, weights }: DecoderSession): number {
  if (backend.device) return BATCH_TOKENS.gpu;
  const parameters = weights.reduce((n, { shape }) => n + elements(shape), 0);
  return Math.max(64, Math.min(BATCH_TOKENS.cpu, Math.floor(CPU_WORK / parameters)));
}

function take(job: Job, batch: PackedBatch<Pending>, logProb: Float32Array, gap: Float32Array): void {
  let k = 0;
  for (const { unit } of batch.placed) {
    const { owner, tree } = unit;
    for (const slot of tree.slots) {
      owner.sums[slot]! += logProb[k]!;
      if (gap[k]! >= 0) owner.greedy++;
      k++;
    }
    owner.treesLeft--;
    if (owner.treesLeft === 0) write(job, owner);
  }
}

function write({ row, plan }: Job, { item, sums, greedy }: Pending): void {
  switch (plan.layout.tasks[item.task]!.spec.outputType) {
    case "multiple_choice":
      row.set(sums, item.at);
      return;
    case "loglikelihood_rolling":
      row[item.at] = sums.reduce((a, b) => a + b, 0);
      row[item.at + 1] = greedy;
      return;
    case "generate_until":
      row[item.at + 1] = sums[0]!;
  }
}

async function generateTexts(job: Job, items: readonly PlannedItem[]): Promise<boolean> {
  const { row, session, weights, plan, options } = job;
  const asked = items.flatMap((item) => (item.generate ? [{ item, request: item.generate }] : []));
  asked.sort((a, b) => a.request.prompt.length - b.request.prompt.length);
  for (let from = 0; from < asked.length; from += GENERATE_ROWS) {
    await yieldToEvents();
    const part = asked.slice(from, from + GENERATE_ROWS);
    const requests = part.map((p) => p.request);
    const texts = await generate(session, weights, requests, plan.tokenizer, options.signal);
    if (!texts) return false;
    for (const [i, text] of texts.entries()) {
      row[part[i]!.item.at] = exactMatch(text) ? 1 : 0;
      job.tokens += text.request.prompt.length + text.tokens.length - 1;
    }
  }
  return true;
}

/** A fixed order that has nothing to do with length, so that a slice cut short is no sample of the long items. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
