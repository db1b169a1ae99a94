import { cancelled } from "../../core/checkpoint/byte-source";
import { ok, type Result } from "../../core/result";
import type { ItemOutcome } from "../../core/scoring/item-outcome";
import { batchFeeds, type PackedBatch, type PackUnit, packBatches } from "../../core/scoring/pack";
import { yieldToEvents } from "../run-queue";
import type { PlannedItem } from "../score-plan";
import type { ActivationStore } from "./activation-store";
import { HeadSums, localTargets } from "./combine-head";
import type { StreamedModel } from "./streamed-model";

export interface PassOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told after the embedding, every layer and every chunk of the head. */
  readonly onStep?: ((done: number, total: number) => void) | undefined;
  /** Tokens in one run of a block; no score depends on it. */
  readonly batchTokens: number;
  /** Targets in one run of the head, as above. */
  readonly headTargets: number;
}

/** What the model says of items, and the tokens computed for it, padding aside. */
export interface PassOutcome {
  /** In the order of the items; without texts. */
  readonly outcomes: readonly ItemOutcome[];
  readonly tokens: number;
}

interface Owner {
  readonly sums: Float64Array;
  readonly greedy: Int32Array;
}

/** Scores the items' sequences with all weights read once; see `scoreUnits`. */
export async function scorePass(
  model: StreamedModel,
  items: readonly PlannedItem[],
  store: ActivationStore,
  options: PassOptions,
): Promise<Result<PassOutcome>> {
  const owners = items.map(
    ({ sequences }): Owner => ({ sums: new Float64Array(sequences), greedy: new Int32Array(sequences) }),
  );
  const units = items.flatMap(({ trees }, i) => trees.map((tree) => ({ owner: owners[i]!, tree })));
  const take: TakeTarget<Owner> = ({ sums, greedy }, slot, logProb, gap) => {
    sums[slot]! += logProb;
    if (gap >= 0) greedy[slot]!++;
  };
  const tokens = await scoreUnits(model, units, store, options, take);
  return tokens.ok ? ok({ outcomes: owners.map(outcome), tokens: tokens.value }) : tokens;
}

const outcome = ({ sums, greedy }: Owner): ItemOutcome => ({ sums, greedy, texts: [] });

/** Is told log p (nats) of a unit's target and its logit − the largest, unit by unit in the order of the tree's targets. */
export type TakeTarget<O> = (owner: O, slot: number, logProb: number, gap: number) => void;

/**
 * Scores token trees with all weights read once: every batch goes through a layer before the next layer is used. `store`
 * holds the hidden states in between, under the batches' numbers; it is empty before and to be closed afterwards. Gives the
 * tokens computed.
 */
export async function scoreUnits<O>(
  model: StreamedModel,
  units: readonly PackUnit<O>[],
  store: ActivationStore,
  options: PassOptions,
  take: TakeTarget<O>,
): Promise<Result<number>> {
  const batches = packBatches(units, { tokens: options.batchTokens, targets: Number.POSITIVE_INFINITY });
  if (batches.length === 0) return ok(0);
  const steps = 1 + model.session.model.layers + model.headChunks;
  let step = 0;
  const stepDone = () => options.onStep?.(++step, steps);
  const embedded = await embed(model, batches, store, options.signal);
  if (!embedded.ok) return embedded;
  stepDone();
  const through = await throughLayers(model, batches, store, options, stepDone);
  if (!through.ok) return through;
  const scored = await throughHead(model, batches, store, options, stepDone);
  if (!scored.ok) return scored;
  let t = 0;
  for (const { unit } of batches.flatMap((b) => b.placed))
    for (const slot of unit.tree.slots) {
      take(unit.owner, slot, scored.value.logProb(t), scored.value.gap(t));
      t++;
    }
  return ok(batches.reduce((n, { used }) => n + used, 0));
}

type Batch = PackedBatch<unknown>;

function embed(
  model: StreamedModel,
  batches: readonly Batch[],
  store: ActivationStore,
  signal?: AbortSignal,
): Promise<Result<null>> {
  const tokens = batches.map((batch) => {
    const { ids, positions } = batchFeeds(batch);
    return { ids, positions };
  });
  return model.embed(tokens, (b, hidden) => store.put(b, hidden), signal);
}

/** Afterwards the store holds the rows that the head is asked about, [targets, hidden] of each batch. */
function throughLayers(
  model: StreamedModel,
  batches: readonly Batch[],
  store: ActivationStore,
  { signal }: PassOptions,
  layerDone: () => void,
): Promise<Result<null>> {
  const { session } = model;
  const { layers, hidden: width } = session.model;
  return model.layers(async (layer, weights) => {
    for (const [b, batch] of batches.entries()) {
      await yieldToEvents();
      if (signal?.aborted) return cancelled();
      const hidden = await store.get(b);
      if (!hidden.ok) return hidden;
      const layout = { rows: batch.rows, length: batch.length, ...batchFeeds(batch) };
      const out = await session.block(layer, weights, session.inputs.feeds(layout), hidden.value);
      const kept = layer === layers - 1 ? rowsOf(out, layout.source, width) : out;
      const put = await store.put(b, kept);
      if (!put.ok) return put;
    }
    layerDone();
    return ok(null);
  }, signal);
}

function rowsOf(hidden: Float32Array, rows: Int32Array, width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [k, row] of rows.entries()) out.set(hidden.subarray(row * width, (row + 1) * width), k * width);
  return out;
}

async function throughHead(
  model: StreamedModel,
  batches: readonly Batch[],
  store: ActivationStore,
  { signal, headTargets }: PassOptions,
  chunkDone: () => void,
): Promise<Result<HeadSums>> {
  const width = model.session.model.hidden;
  const targets = batches.map((batch) => batchFeeds(batch).target);
  const sums = new HeadSums(targets.reduce((n, { length }) => n + length, 0));
  const done = await model.headChunk(async (rows, weights) => {
    let first = 0;
    for (const [b, ids] of targets.entries()) {
      const hidden = await store.get(b);
      if (!hidden.ok) return hidden;
      for (let at = 0; at < ids.length; at += headTargets) {
        await yieldToEvents();
        if (signal?.aborted) return cancelled();
        const part = ids.subarray(at, at + headTargets);
        const states = hidden.value.subarray(at * width, (at + part.length) * width);
        const local = localTargets(part, rows.from, rows.to);
        sums.add(first + at, part, rows, await model.session.head(weights, states, local));
      }
      first += ids.length;
    }
    chunkDone();
    return ok(null);
  }, signal);
  return done.ok ? ok(sums) : done;
}
