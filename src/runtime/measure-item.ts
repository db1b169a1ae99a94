import { generationJobs } from "../core/scoring/generation";
import { batchFeeds, packBatches } from "../core/scoring/pack";
import type { ItemRequests } from "../core/scoring/requests";
import { tokenTree } from "../core/scoring/token-tree";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { ItemMeasurement } from "../protocol/task-protocol";
import type { DecoderSession } from "./decoder-session";
import { generate } from "./generator";
import type { Feeds } from "./ort";
import { yieldToEvents } from "./run-queue";

/** Asks one item alone, sequence by sequence; null when it was cancelled. `place` is what its texts are drawn by. */
export async function measureItem(
  { sequences, generate: request }: ItemRequests,
  session: DecoderSession,
  weights: Feeds,
  tokenizer: TextTokenizer,
  place: { readonly task: string; readonly item: number },
  signal?: AbortSignal,
): Promise<ItemMeasurement | null> {
  const measured: ItemMeasurement["sequences"][number][] = [];
  for (const sequence of sequences) {
    await yieldToEvents();
    if (signal?.aborted) return null;
    const tree = tokenTree([sequence]);
    const limits = { tokens: tree.tokens.length, targets: tree.targets.length };
    const [batch] = packBatches([{ owner: null, tree }], limits);
    const { logProb, gap } = await session.score(weights, batch!, batchFeeds(batch!));
    measured.push({ logProb: [...logProb], greedy: [...gap].map((g) => g >= 0) });
  }
  if (!request) return { sequences: measured, texts: [] };
  const jobs = generationJobs(request, place.task, place.item);
  const generated = await generate(session, weights, jobs, tokenizer, { signal });
  return generated && { sequences: measured, texts: generated.map((g) => g.text ?? "") };
}
