import { childSeed, type RandomSource, seededRandom } from "../seeded-random";
import type { GenerateRequest } from "./requests";
import { argmax, sampleToken } from "./sampling";
import { cutAtStops, StopWatch } from "./stop-text";
import type { TextTokenizer } from "./tokenizer";

/** A request with the stream of random numbers that its text is drawn by. */
export interface GenerationJob {
  readonly request: GenerateRequest;
  /** Seed of this item and repeat: nothing else that is generated at the same time changes the text. */
  readonly seed: number;
  /** Beginning of the prompt that it shares with others: jobs with the same array share it. */
  readonly prefix?: readonly number[];
}

/** One job for each text that the item asks for. */
export function generationJobs(
  request: GenerateRequest,
  task: string,
  item: number,
  prefix?: readonly number[],
): GenerationJob[] {
  const { sampling, repeats = 1 } = request;
  const ofItem = childSeed(childSeed(sampling?.seed ?? 0, hash(task)), item);
  return Array.from({ length: repeats }, (_, repeat) => ({
    request,
    seed: childSeed(ofItem, repeat),
    ...(prefix && { prefix }),
  }));
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A decoding in progress, by lm-eval's rules (`HFLM.generate_until`): it ends at a stop token, a stop string or the token
 * limit; special tokens have no text; the text ends before the first stop string, a stop token's own text among them.
 */
export class Generation {
  readonly tokens: number[] = [];
  /** Null while it is not finished. */
  text: string | null = null;
  readonly request: GenerateRequest;
  private readonly random: RandomSource;
  private readonly stops: readonly string[];
  private readonly watch: StopWatch;

  constructor(
    { request, seed }: GenerationJob,
    private readonly tokenizer: TextTokenizer,
  ) {
    this.request = request;
    this.random = seededRandom(seed);
    this.stops = [...request.until, ...[...tokenizer.stopTokens].map((token) => tokenizer.decode([token]))];
    this.watch = new StopWatch(this.stops, tokenizer);
  }

  /** Chooses the next token by `logits[from … to)` and takes it. */
  advance(logits: Float32Array, from: number, to: number): number {
    const { sampling } = this.request;
    const token = sampling
      ? sampleToken(logits, from, to, sampling, this.random())
      : argmax(logits, from, to);
    this.take(token);
    return token;
  }

  take(token: number): void {
    if (this.text !== null) return;
    if (this.tokenizer.stopTokens.has(token)) {
      this.text = this.written();
      return;
    }
    this.tokens.push(token);
    if (this.tokens.length >= this.request.maxTokens) {
      this.text = this.written();
    } else if (this.watch.saw(this.tokens)) {
      const whole = this.tokenizer.decode(this.tokens, true);
      const cut = cutAtStops(whole, this.stops);
      if (cut.length < whole.length) this.text = cut;
    }
  }

  private written(): string {
    return cutAtStops(this.tokenizer.decode(this.tokens, true), this.stops);
  }
}
