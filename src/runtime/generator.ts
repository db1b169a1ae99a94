import { argmax, extend, type Generation, startGeneration } from "../core/scoring/generation";
import { HIDDEN } from "../core/scoring/pack";
import type { GenerateRequest } from "../core/scoring/requests";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import { type DecoderSession, release, type StepFeeds } from "./decoder-session";
import type { Feeds } from "./ort";

/**
 * Greedy decoding of several prompts at once, with a key-value cache. Prompts end in the same column; what stands before
 * a shorter one is hidden, so that the others in the batch change nothing.
 */
export async function generate(
  session: DecoderSession,
  weights: Feeds,
  requests: readonly GenerateRequest[],
  tokenizer: TextTokenizer,
  signal?: AbortSignal,
): Promise<Generation[] | null> {
  const rows = requests.length;
  const generations = requests.map(startGeneration);
  const lengths = requests.map((r) => r.prompt.length);
  const longest = Math.max(...lengths);
  let cache = session.emptyCache(rows);
  try {
    let feeds = prefill(requests, longest);
    let length = longest;
    for (let step = 0; ; step++) {
      if (signal?.aborted) return null;
      const out = await session.step(weights, rows, length, feeds, cache);
      cache = out.cache;
      const vocabulary = session.model.vocabulary;
      const next = generations.map((generation, r) => {
        const token = argmax(out.logits, r * vocabulary, (r + 1) * vocabulary);
        extend(generation, token, tokenizer);
        return token;
      });
      if (generations.every((g) => g.text !== null)) return generations;
      feeds = decode(next, lengths, longest, step);
      length = 1;
    }
  } finally {
    release(cache);
  }
}

function prefill(requests: readonly GenerateRequest[], length: number): StepFeeds {
  const rows = requests.length;
  const ids = new Int32Array(rows * length);
  const positions = new BigInt64Array(rows * length);
  const keys = length + 1;
  const mask = new Float32Array(rows * length * keys).fill(HIDDEN);
  for (const [r, { prompt }] of requests.entries()) {
    const pad = length - prompt.length;
    for (let i = 0; i < length; i++) {
      const row = (r * length + i) * keys;
      if (i < pad) {
        mask[row + 1 + i] = 0;
        continue;
      }
      ids[r * length + i] = prompt[i - pad]!;
      positions[r * length + i] = BigInt(i - pad);
      mask.fill(0, row + 1 + pad, row + 2 + i);
    }
  }
  return { ids, positions, mask };
}

/** `step` tokens were decoded before the one in `next`. */
function decode(
  next: readonly number[],
  lengths: readonly number[],
  longest: number,
  step: number,
): StepFeeds {
  const rows = next.length;
  const keys = 1 + longest + step + 1;
  const mask = new Float32Array(rows * keys);
  for (const [r, length] of lengths.entries()) mask.fill(HIDDEN, r * keys, r * keys + 1 + longest - length);
  return {
    ids: Int32Array.from(next),
    positions: BigInt64Array.from(lengths, (length) => BigInt(length + step)),
    mask,
  };
}
