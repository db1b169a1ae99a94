import { cancelled } from "../../core/checkpoint/byte-source";
import { ok, type Result } from "../../core/result";
import type { Generation, GenerationJob } from "../../core/scoring/generation";
import type { TextTokenizer } from "../../core/scoring/tokenizer";
import { generate } from "../generator";
import type { StreamedModel } from "./streamed-model";
import { StepFailed, StreamedStepper } from "./streamed-stepper";

/** Bytes of keys and values of the texts that are written together. */
const CACHE_BYTES = 512 * 2 ** 20;
const MOST_ROWS = 64;

/**
 * Writes texts with a model that does not fit. Every token of every text needs all weights again, so as many texts as their
 * keys and values allow are written together, and weights that would be merged each time are merged once and kept.
 */
export async function generateTexts(
  model: StreamedModel,
  jobs: readonly GenerationJob[],
  tokenizer: TextTokenizer,
  signal?: AbortSignal,
): Promise<Result<Generation[]>> {
  const longest = jobs.reduce(
    (most, { request }) => Math.max(most, request.prompt.length + request.maxTokens),
    0,
  );
  const bytes = StreamedStepper.cacheBytes(model.session.model, longest);
  const rows = Math.max(1, Math.min(MOST_ROWS, Math.floor(CACHE_BYTES / bytes)));
  const kept = model.keepingWeights();
  try {
    const stepper = new StreamedStepper(kept, signal);
    const texts = await generate(stepper, {}, jobs, tokenizer, { signal, rows });
    return texts ? ok(texts) : cancelled();
  } catch (error) {
    if (error instanceof StepFailed) return error.result;
    throw error;
  } finally {
    await kept.close();
  }
}
