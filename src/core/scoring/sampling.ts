import type { Sampling } from "./requests";

/** Index of the largest of `logits[from … to)`, relative to `from`; the first one wins. */
export function argmax(logits: Float32Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) if (logits[i]! > logits[best]!) best = i;
  return best - from;
}

/**
 * Draws a token from `logits[from … to)` by the uniform number `u` in [0, 1), as transformers' sampling does: temperature,
 * then the `topK` largest (with all that equal the last of them), then the smallest part of those, largest first, whose
 * mass is at least `topP`. Equal logits are ordered by index.
 */
export function sampleToken(
  logits: Float32Array,
  from: number,
  to: number,
  { temperature, topK, topP }: Sampling,
  u: number,
): number {
  const best = argmax(logits, from, to);
  if (!(temperature > 0)) return best;
  const top = logits[from + best]!;
  const weight = (token: number) => Math.exp((logits[from + token]! - top) / temperature);
  const cut = (topK !== undefined && topK > 0 && topK < to - from) || (topP !== undefined && topP < 1);
  const tokens = Array.from({ length: to - from }, (_, i) => i);
  if (!cut) return draw(tokens, weight, u);
  tokens.sort((a, b) => logits[from + b]! - logits[from + a]! || a - b);
  let kept = tokens.length;
  if (topK !== undefined && topK > 0 && topK < kept) {
    const least = logits[from + tokens[topK - 1]!]!;
    kept = topK;
    while (kept < tokens.length && logits[from + tokens[kept]!]! === least) kept++;
  }
  if (topP !== undefined && topP < 1) {
    let mass = 0;
    for (let i = 0; i < kept; i++) mass += weight(tokens[i]!);
    const wanted = Math.max(0, topP) * mass;
    let sum = weight(tokens[0]!);
    let n = 1;
    while (n < kept && sum < wanted) sum += weight(tokens[n++]!);
    kept = n;
  }
  return draw(tokens.slice(0, kept), weight, u);
}

function draw(tokens: readonly number[], weight: (token: number) => number, u: number): number {
  let mass = 0;
  const upTo = tokens.map((token) => {
    mass += weight(token);
    return mass;
  });
  const at = upTo.findIndex((sum) => sum > u * mass);
  return tokens[at < 0 ? tokens.length - 1 : at]!;
}
