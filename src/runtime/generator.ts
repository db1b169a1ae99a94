import type { DecoderModel } from "../core/decoder/decoder-model";
import { Generation, type GenerationJob } from "../core/scoring/generation";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { Backend } from "./backend";
import { batchRows, decodeFeeds, type GenerationRow, prefillFeeds } from "./generation-batch";
import { cacheOfRows } from "./key-value-cache";
import type { Feeds } from "./ort";
import { yieldToEvents } from "./run-queue";
import { release, type Step, type StepFeeds } from "./step";

/** What generates: a whole model, or one that goes layer by layer. */
export interface Stepper {
  readonly backend: Backend;
  readonly model: DecoderModel;
  emptyCache(rows: number): Feeds;
  step(weights: Feeds, rows: number, length: number, batch: StepFeeds, past: Feeds): Promise<Step>;
}

export interface GenerateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Texts written at once at most; no text depends on it. */
  readonly rows?: number;
  /** Told of every text as soon as it is finished. */
  readonly onText?: ((job: number, generation: Generation) => void) | undefined;
}

const ROWS = 32;
/** A run has at least so many rows, copies if need be: with fewer, onnxruntime adds up in another order. */
const LEAST_ROWS = 8;
/** Rows leave a batch when at most this share is left; moving a cache between GPU and CPU is dearer. */
const COMPACT = { cpu: 0.8, gpu: 0.5 };

/**
 * Decodes several prompts at once with a key-value cache. Prompts of one batch take the same number of columns, which
 * depends on each prompt alone, and end in the same column; what stands before a shorter one is hidden. So a text depends
 * neither on the other prompts nor on their order and number. Null when it was stopped.
 */
export async function generate(
  stepper: Stepper,
  weights: Feeds,
  jobs: readonly GenerationJob[],
  tokenizer: TextTokenizer,
  { signal, rows = ROWS, onText }: GenerateOptions = {},
): Promise<Generation[] | null> {
  const generations = jobs.map((job) => new Generation(job, tokenizer));
  for (const { prefix, batches } of batchRows(jobs, rows, stepper.model)) {
    const shared = prefix && (await prefixCache(stepper, weights, prefix));
    try {
      for (const batch of batches) {
        const done = await writeBatch(stepper, weights, batch, generations, shared, { signal, onText });
        if (!done) return null;
      }
    } finally {
      if (shared) release(shared);
    }
  }
  return generations;
}

/** Keys and values of a prefix that many prompts share: one row, its first column hidden. */
export async function prefixCache(
  stepper: Stepper,
  weights: Feeds,
  prefix: readonly number[],
): Promise<Feeds> {
  const { feeds, length } = prefillFeeds([{ job: 0, tokens: prefix, shared: 0, columns: prefix.length + 1 }]);
  const { cache } = await stepper.step(weights, 1, length, feeds, stepper.emptyCache(1));
  return cache;
}

async function writeBatch(
  stepper: Stepper,
  weights: Feeds,
  batch: readonly GenerationRow[],
  generations: readonly Generation[],
  shared: Feeds | undefined,
  { signal, onText }: GenerateOptions,
): Promise<boolean> {
  const { backend, model } = stepper;
  const share = COMPACT[backend.device ? "gpu" : "cpu"];
  let rows = withCopies(batch);
  let cache = shared
    ? await cacheOfRows(
        backend,
        shared,
        rows.map(() => 0),
      )
    : stepper.emptyCache(rows.length);
  try {
    let { feeds, length } = prefillFeeds(rows);
    for (let decoded = 0; ; decoded++) {
      await yieldToEvents();
      if (signal?.aborted) return false;
      const out = await stepper.step(weights, rows.length, length, feeds, cache);
      cache = out.cache;
      const next = rows.map(({ job }, r) => {
        const generation = generations[job]!;
        // A copy of a row comes after it, and then has nothing to say.
        if (generation.text !== null || generation.tokens.length > decoded)
          return generation.tokens.at(-1) ?? 0;
        const token = generation.advance(out.logits, r * model.vocabulary, (r + 1) * model.vocabulary);
        if (generation.text !== null) onText?.(job, generation);
        return token;
      });
      const active = rows.flatMap(({ job }, r) => (generations[job]!.text === null ? [r] : []));
      const distinct = [...new Map(active.map((r) => [rows[r]!.job, r])).values()];
      if (distinct.length === 0) return true;
      let kept = rows.map((_, r) => r);
      if (distinct.length <= share * rows.length && rows.length > LEAST_ROWS) {
        kept = withCopies(distinct);
        const smaller = await cacheOfRows(backend, cache, kept);
        release(cache);
        cache = smaller;
      }
      rows = kept.map((r) => rows[r]!);
      feeds = decodeFeeds(
        rows,
        kept.map((r) => next[r]!),
        decoded,
      );
      length = 1;
    }
  } finally {
    release(cache);
  }
}

/** As many as a run has at least. */
function withCopies<T>(rows: readonly T[]): T[] {
  const copies = Math.max(0, LEAST_ROWS - rows.length);
  return [...rows, ...Array.from({ length: copies }, (_, i) => rows[i % rows.length]!)];
}
