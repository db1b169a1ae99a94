import { ok, type Result } from "../../core/result";
import type { GenerationJob } from "../../core/scoring/generation";
import type { ItemRequests } from "../../core/scoring/requests";
import { tokenTree } from "../../core/scoring/token-tree";
import type { TextTokenizer } from "../../core/scoring/tokenizer";
import type { ItemMeasurement } from "../../protocol/task-protocol";
import { activationStore } from "./activation-store";
import { scoreUnits } from "./score-pass";
import type { OpenScratch } from "./scratch-file";
import { generateTexts } from "./streamed-generation";
import type { StreamedModel } from "./streamed-model";

export interface StreamedItemOptions {
  readonly tokenizer: TextTokenizer;
  readonly openScratch: OpenScratch;
  readonly signal?: AbortSignal | undefined;
  /** Of the item's texts; see generationJobs. */
  readonly jobs: readonly GenerationJob[];
}

/** Asks one item alone, with all weights read once, and once more for each token that is generated. */
export async function streamedItem(
  model: StreamedModel,
  { sequences }: ItemRequests,
  { tokenizer, openScratch, signal, jobs }: StreamedItemOptions,
): Promise<Result<ItemMeasurement>> {
  const measured = sequences.map(() => ({ logProb: [] as number[], greedy: [] as boolean[] }));
  const units = sequences.map((sequence, i) => ({ owner: measured[i]!, tree: tokenTree([sequence]) }));
  const store = activationStore(Number.POSITIVE_INFINITY, openScratch);
  const scored = await scoreUnits(
    model,
    units,
    store,
    { batchTokens: 512, headTargets: 512, signal },
    (owner, _, logProb, gap) => {
      owner.logProb.push(logProb);
      owner.greedy.push(gap >= 0);
    },
  ).finally(() => store.close());
  if (!scored.ok) return scored;
  if (jobs.length === 0) return ok({ sequences: measured, texts: [] });
  const texts = await generateTexts(model, jobs, tokenizer, signal);
  return texts.ok ? ok({ sequences: measured, texts: texts.value.map((g) => g.text ?? "") }) : texts;
}
