import type { ChoiceItem, GenerateItem, Item, OutputType, RollingItem } from "./task";
import type { TextTokenizer } from "./tokenizer";

/** Tokens of which those from index `from` on are scored, each after all before it; `from` ≥ 1. */
export interface ScoredSequence {
  readonly tokens: readonly number[];
  readonly from: number;
}

/** Tokens are drawn from softmax(logits / temperature), cut to the `topK` likeliest and then to the smallest part with mass `topP`. */
export interface Sampling {
  /** 0 decodes greedily. */
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
}

export interface GenerateRequest {
  readonly prompt: readonly number[];
  readonly target: string;
  readonly until: readonly string[];
  readonly maxTokens: number;
  /** Greedy when absent. */
  readonly sampling?: Sampling;
  /** Texts to generate; one when absent. */
  readonly repeats?: number;
}

/** What has to be computed for one item. */
export interface ItemRequests {
  /** One a choice; the windows of a rolling text; the target of a generation. */
  readonly sequences: readonly ScoredSequence[];
  readonly generate?: GenerateRequest;
  /** Tokens scored: of the text, of each choice, or of the target. */
  readonly tokens: readonly number[];
}

/** What Python's str.rstrip() removes: JavaScript's white space without the byte order mark, and five controls. */
const SPACE = /[^\S\uFEFF]/u;
const isPythonSpace = (char: string): boolean => SPACE.test(char) || "\x1c\x1d\x1e\x1f\x85".includes(char);

function pythonRstrip(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonSpace(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/**
 * One item → requests, by lm-eval's rules (`TemplateLM._encode_pair`, `loglikelihood_rolling`, HFLM's truncation).
 * `maxLength` is the model's longest input; longer ones lose tokens on the left.
 */
export function itemRequests(
  item: Item,
  type: OutputType,
  tokenizer: TextTokenizer,
  maxLength: number,
): ItemRequests {
  switch (type) {
    case "loglikelihood_rolling": {
      const tokens = tokenizer.encode((item as RollingItem).text);
      const sequences = rollingWindows(tokens, tokenizer.prefixToken, maxLength);
      return { sequences, tokens: [tokens.length] };
    }
    case "multiple_choice": {
      const { context, choices } = item as ChoiceItem;
      const pairs = choices.map((choice) => encodePair(context, choice, tokenizer));
      const sequences = pairs.map((pair) => truncate(pair, maxLength));
      return { sequences, tokens: sequences.map((s) => s.tokens.length - s.from) };
    }
    case "generate_until": {
      const { context, target, until, maxGenToks } = item as GenerateItem;
      const sequence = truncate(encodePair(context, target, tokenizer), maxLength);
      const room = Math.max(1, maxLength - maxGenToks);
      const encoded = context === "" ? [tokenizer.prefixToken] : tokenizer.encode(context);
      return {
        sequences: [sequence],
        generate: { prompt: encoded.slice(-room), target, until, maxTokens: maxGenToks },
        tokens: [sequence.tokens.length - sequence.from],
      };
    }
  }
}

/**
 * Trailing white space of the context moves to the continuation; the joined text is encoded once and split at the
 * context's own token count. An empty context is the prefix token, or the continuation's first token if it is that.
 */
function encodePair(context: string, continuation: string, tokenizer: TextTokenizer): ScoredSequence {
  const kept = pythonRstrip(context);
  const moved = context.slice(kept.length) + continuation;
  if (kept === "") {
    const tokens = tokenizer.encode(moved);
    return tokens[0] === tokenizer.prefixToken && tokens.length > 1
      ? { tokens, from: 1 }
      : { tokens: [tokenizer.prefixToken, ...tokens], from: 1 };
  }
  return { tokens: tokenizer.encode(kept + moved), from: tokenizer.encode(kept).length };
}

/** Keeps the last `maxLength` + 1 tokens: all but the last are the model's input. */
function truncate({ tokens, from }: ScoredSequence, maxLength: number): ScoredSequence {
  const cut = Math.max(0, tokens.length - (maxLength + 1));
  return { tokens: tokens.slice(cut), from: Math.max(1, from - cut) };
}

/**
 * Windows of a rolling text: the first begins with the prefix token, each next one predicts the following `maxLength`
 * tokens and fills its input with as many earlier tokens as fit (at least one).
 */
export function rollingWindows(
  tokens: readonly number[],
  prefixToken: number,
  maxLength: number,
): ScoredSequence[] {
  const all = [prefixToken, ...tokens];
  const windows: ScoredSequence[] = [];
  for (let done = 0; done < tokens.length; ) {
    const end = Math.min(done + maxLength, tokens.length);
    const start = Math.max(0, end - maxLength);
    windows.push({ tokens: all.slice(start, end + 1), from: done + 1 - start });
    done = end;
  }
  return windows;
}
