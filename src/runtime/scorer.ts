import { type Generation, generationJobs } from "../core/scoring/generation";
import type { ItemDetail } from "../core/scoring/item-outcome";
import type { PackLimits } from "../core/scoring/pack";
import { childSeed, seededRandom } from "../core/seeded-random";
import type { MeasureUpdate } from "../protocol/engine-protocol";
import type { DecoderSession } from "./decoder-session";
import { generate, prefixCache } from "./generator";
import type { Feeds } from "./ort";
import { type PreparedBatch, packedSlices, type SliceBatches } from "./packed-slices";
import { OutcomeRecorder, type RecordOptions } from "./record-outcomes";
import { yieldToEvents } from "./run-queue";
import { type PlannedItem, type ScorePlan, withoutPrefixes } from "./score-plan";
import { release } from "./step";
import { elements } from "./weight-bank";

export interface ScoreOptions extends RecordOptions {
  /** Row of item scores to go on from; items that have a score are left out. */
  readonly known?: Float32Array | undefined;
  /** Items of the stratified order to score at most. */
  readonly limit?: number | undefined;
  readonly onUpdate?: ((update: MeasureUpdate) => void) | undefined;
  /** Tokens in one run of the graph; no score depends on it. */
  readonly batchTokens?: number;
}

export interface ScoreOutcome {
  readonly complete: boolean;
  /** Tokens computed, padding aside. */
  readonly tokens: number;
  /** Of the items scored, where they were asked for. */
  readonly details?: readonly ItemDetail[];
}

/** Tokens of one run: enough to keep the backend busy, few enough to stop soon, so fewer for a large model. */
const BATCH_TOKENS = { cpu: 1024, gpu: 4096 };
const CPU_WORK = 8e9;
/** Floats of the head's logits in one run at most. */
const LOGITS = 2 ** 26;

const now = () => performance.now();

/**
 * Scores the plan's items slice by slice into `row` (see ScoreBlock), which holds what is known when it fails or stops.
 * Between batches it stops where the signal says so.
 */
export async function scoreInto(
  row: Float32Array,
  session: DecoderSession,
  weights: Feeds,
  asked: ScorePlan,
  options: ScoreOptions,
): Promise<ScoreOutcome> {
  const started = now();
  const plan = session.model.rotary?.perLength ? withoutPrefixes(asked) : asked;
  const recorder = new OutcomeRecorder(row, plan, options);
  const job: Job = { session, weights, plan, options, recorder, prefixes: new Map(), tokens: 0 };
  const update = () => {
    const details = recorder.takeDetails();
    options.onUpdate?.({
      scores: row.slice(),
      done: countScored(plan, row),
      total: plan.items,
      seconds: (now() - started) / 1000,
      ...(details && { details }),
    });
  };
  const outcome = (): ScoreOutcome => ({
    complete: countScored(plan, row) === plan.items,
    tokens: job.tokens,
    ...(options.details && { details: recorder.details }),
  });
  try {
    let left = Math.min(options.limit ?? plan.items, plan.items);
    for (const [s, slice] of plan.slices.entries()) {
      const part = slice.slice(0, left);
      left -= part.length;
      const todo = part.filter(({ at }) => Number.isNaN(row[at]!));
      if (todo.length > 0) {
        if (!(await scoreSlice(job, todo, s))) return outcome();
        update();
      }
      if (left === 0) break;
    }
  } finally {
    for (const cache of job.prefixes.values()) release(cache);
    const late = recorder.busy;
    await recorder.settle();
    if (late) update();
  }
  return outcome();
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
  readonly session: DecoderSession;
  readonly weights: Feeds;
  readonly plan: ScorePlan;
  readonly options: ScoreOptions;
  readonly recorder: OutcomeRecorder;
  /** Keys and values of the prefixes that items share, for these weights. */
  readonly prefixes: Map<readonly number[], Feeds>;
  tokens: number;
}

/** What is known of an item of which a part is still to be computed. */
class Pending {
  readonly sums: Float64Array;
  readonly greedy: Int32Array;
  readonly texts: string[] = [];
  private partsLeft: number;

  constructor(
    private readonly item: PlannedItem,
    private readonly recorder: OutcomeRecorder,
  ) {
    const { sequences, trees, behind, generate: request } = item;
    this.sums = new Float64Array(sequences);
    this.greedy = new Int32Array(sequences);
    this.partsLeft = (behind?.trees ?? trees).length + (request ? (request.repeats ?? 1) : 0);
  }

  partDone(): void {
    this.partsLeft--;
    if (this.partsLeft > 0) return;
    const { sums, greedy, texts } = this;
    this.recorder.record(this.item, { sums, greedy, texts });
  }
}

async function scoreSlice(job: Job, items: readonly PlannedItem[], slice: number): Promise<boolean> {
  const pending = new Map(items.map((item) => [item, new Pending(item, job.recorder)]));
  return (await scoreSequences(job, pending, slice)) && (await generateTexts(job, pending));
}

async function scoreSequences(
  job: Job,
  pending: ReadonlyMap<PlannedItem, Pending>,
  slice: number,
): Promise<boolean> {
  const { session, weights, options, plan } = job;
  const packed = packedSlices(plan, batchLimits(session, options.batchTokens));
  const batches: SliceBatches = packed.of(slice, [...pending.keys()]);
  for (const prepared of shuffled(batches, childSeed(slice, 1))) {
    await yieldToEvents();
    if (options.signal?.aborted) return false;
    const past = prepared.prefix && (await prefixOf(job, prepared.prefix));
    const { logProb, gap } = await session.score(weights, prepared.batch, prepared.feeds, past);
    job.tokens += prepared.batch.used;
    take(prepared, pending, logProb, gap);
  }
  return true;
}

async function prefixOf(job: Job, prefix: readonly number[]): Promise<Feeds> {
  const known = job.prefixes.get(prefix);
  if (known) return known;
  const cache = await prefixCache(job.session, job.weights, prefix);
  job.prefixes.set(prefix, cache);
  job.tokens += prefix.length;
  return cache;
}

/** Sizes of one run for a model on its backend. */
export function batchLimits(session: DecoderSession, tokens = batchTokens(session)): PackLimits {
  return { tokens, targets: Math.max(1, Math.floor(LOGITS / session.model.vocabulary)) };
}

/** Multiplications a token are about as many as weights. */
function batchTokens({ backend, weights }: DecoderSession): number {
  if (backend.device) return BATCH_TOKENS.gpu;
  const parameters = weights.reduce((n, { shape }) => n + elements(shape), 0);
  return Math.max(64, Math.min(BATCH_TOKENS.cpu, Math.floor(CPU_WORK / parameters)));
}

function take(
  { batch }: PreparedBatch,
  pending: ReadonlyMap<PlannedItem, Pending>,
  logProb: Float32Array,
  gap: Float32Array,
): void {
  let k = 0;
  for (const { unit } of batch.placed) {
    const owner = pending.get(unit.owner)!;
    for (const slot of unit.tree.slots) {
      owner.sums[slot]! += logProb[k]!;
      if (gap[k]! >= 0) owner.greedy[slot]!++;
      k++;
    }
    owner.partDone();
  }
}

async function generateTexts(job: Job, pending: ReadonlyMap<PlannedItem, Pending>): Promise<boolean> {
  const { session, weights, plan, options } = job;
  const owners: { readonly pending: Pending; readonly repeat: number }[] = [];
  const jobs = [...pending].flatMap(([{ task, item, generate: request, promptPrefix }, owner]) => {
    if (!request) return [];
    const all = generationJobs(request, plan.layout.tasks[task]!.spec.id, item, promptPrefix);
    owners.push(...all.map((_, repeat) => ({ pending: owner, repeat })));
    return all;
  });
  if (jobs.length === 0) return true;
  const onText = (j: number, { text, tokens }: Generation) => {
    const { pending: owner, repeat } = owners[j]!;
    const { request, prefix } = jobs[j]!;
    owner.texts[repeat] = text!;
    job.tokens += request.prompt.length - (prefix?.length ?? 0) + Math.max(0, tokens.length - 1);
    owner.partDone();
  };
  const { signal } = options;
  return (await generate(session, weights, jobs, plan.tokenizer, { signal, onText })) !== null;
}

/** A fixed order that has nothing to do with length, so that a slice cut short is no sample of the long items. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
