import type { GenerateRequest } from "./requests";
import type { TextTokenizer } from "./tokenizer";

/** A greedy decoding in progress. */
export interface Generation {
  readonly request: GenerateRequest;
  readonly tokens: number[];
  /** The text up to the first stop string; null while it is not finished. */
  text: string | null;
}

export const startGeneration = (request: GenerateRequest): Generation => ({
  request,
  tokens: [],
  text: null,
});

/** Takes the next greedy token; ends at a stop token, a stop string or the token limit. */
export function extend(generation: Generation, token: number, tokenizer: TextTokenizer): void {
  const { request, tokens } = generation;
  if (generation.text !== null) return;
  if (tokenizer.stopTokens.has(token)) {
    generation.text = tokenizer.decode(tokens);
    return;
  }
  tokens.push(token);
  const text = tokenizer.decode(tokens);
  const ends = request.until.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  if (ends.length > 0) generation.text = text.slice(0, Math.min(...ends));
  else if (tokens.length >= request.maxTokens) generation.text = text;
}

/** Equal after white space at both ends is removed. */
export const exactMatch = (generation: Generation): boolean =>
  generation.text !== null && generation.text.trim() === generation.request.target.trim();

/** Index of the largest of `logits[from … to)`, relative to `from`; the first one wins. */
export function argmax(logits: Float32Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) if (logits[i]! > logits[best]!) best = i;
  return best - from;
}
