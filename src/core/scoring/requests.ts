import { pythonRstrip } from "./python-text";
import type {
  ChoiceItem,
  GenerateItem,
  Item,
  LoglikelihoodItem,
  OutputType,
  RollingItem,
  TaskSpec,
} from "./task";
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
  /**
   * One a choice (then, for acc_mutual_info, one a choice without context); the windows of a rolling text; the continuation;
   * the target of a generation, none where it has none.
   */
  readonly sequences: readonly ScoredSequence[];
  readonly generate?: GenerateRequest;
  /** Tokens scored: of the text, of each choice, of the continuation or the target. */
  readonly tokens: readonly number[];
  /** Sequences and prompts that lost tokens on the left, and whether scored tokens are among what was lost. */
  readonly truncated?: { readonly sequences: number; readonly scored: boolean };
}

/** What a task adds to the requests of its items. */
export interface RequestOptions {
  /** Choices are scored without context too. */
  readonly unconditional?: boolean;
  /** Context and choice are one text, all of whose tokens but the first are scored (OpenCompass's PPL mode). */
  readonly whole?: boolean;
  readonly sampling?: Sampling;
  readonly repeats?: number;
}

export function requestOptions({ metrics, generation, mode }: TaskSpec): RequestOptions {
  const unconditional = metrics?.some((use) => use.metric === "acc_mutual_info") ?? false;
  const { repeats = 1, seed = 0, ...how } = generation ?? { temperature: 0 };
  return {
    unconditional,
    ...(mode === "opencompass-ppl" && { whole: true }),
    ...(how.temperature > 0 && { sampling: { ...how, seed } }),
    ...(repeats > 1 && { repeats }),
  };
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
  options: RequestOptions = {},
): ItemRequests {
  const cut = new Truncation(maxLength);
  switch (type) {
    case "loglikelihood_rolling": {
      const tokens = tokenizer.encode((item as RollingItem).text);
      const sequences = rollingWindows(tokens, tokenizer.prefixToken, maxLength);
      return { sequences, tokens: [tokens.length] };
    }
    case "loglikelihood": {
      const { context, continuation } = item as LoglikelihoodItem;
      const sequence = cut.sequence(encodePair(context, continuation, tokenizer));
      return { sequences: [sequence], tokens: [scored(sequence)], ...cut.report() };
    }
    case "multiple_choice": {
      const { context, contexts, choices } = item as ChoiceItem;
      const encode = (before: string, choice: string) =>
        options.whole
          ? { tokens: tokenizer.encode(before + choice), from: 1 }
          : encodePair(before, choice, tokenizer);
      const pairs = choices.map((choice, c) => encode(contexts?.[c] ?? context, choice));
      const sequences = pairs.map((pair) => cut.sequence(pair));
      const bare = options.unconditional
        ? choices.map((choice) => cut.sequence(encodePair("", choice, tokenizer)))
        : [];
      return { sequences: [...sequences, ...bare], tokens: sequences.map(scored), ...cut.report() };
    }
    case "generate_until": {
      const { context, target, until, maxGenToks } = item as GenerateItem;
      const sequences = target === "" ? [] : [cut.sequence(encodePair(context, target, tokenizer))];
      const encoded = context === "" ? [tokenizer.prefixToken] : tokenizer.encode(context);
      const prompt = cut.prompt(encoded, maxGenToks);
      const { sampling, repeats } = options;
      const drawn = { ...(sampling && { sampling }), ...(repeats && { repeats }) };
      const generate = { prompt, target, until, maxTokens: maxGenToks, ...drawn };
      return { sequences, generate, tokens: sequences.map(scored), ...cut.report() };
    }
  }
}

const scored = (sequence: ScoredSequence): number => sequence.tokens.length - sequence.from;

/**
 * Trailing white space of the context moves to the continuation; the joined text is encoded once and split at the
 * context's own token count. An empty context is the prefix token, or the continuation's first token if it is that.
 */
function encodePair(context: string, continuation: string, tokenizer: TextTokenizer): ScoredSequence {
  const kept = pythonRstrip(context);
  const moved = context.slice(kept.length) + continuation;
  if (kept === "") {
    const tokens = tokenizer.encode(moved, false);
    return tokens[0] === tokenizer.prefixToken && tokens.length > 1
      ? { tokens, from: 1 }
      : { tokens: [tokenizer.prefixToken, ...tokens], from: 1 };
  }
  return { tokens: tokenizer.encode(kept + moved), from: tokenizer.encode(kept).length };
}

/** Cuts on the left and counts what it cut. */
class Truncation {
  private sequences = 0;
  private scored = false;

  constructor(private readonly maxLength: number) {}

  /** Keeps the last `maxLength` + 1 tokens: all but the last are the model's input. */
  sequence({ tokens, from }: ScoredSequence): ScoredSequence {
    const cut = tokens.length - (this.maxLength + 1);
    if (cut <= 0) return { tokens, from };
    this.sequences++;
    this.scored ||= from - cut < 1;
    return { tokens: tokens.slice(cut), from: Math.max(1, from - cut) };
  }

  /** Keeps the last tokens that leave room for those to be generated. */
  prompt(tokens: readonly number[], maxGenToks: number): readonly number[] {
    const room = Math.max(1, this.maxLength - maxGenToks);
    if (tokens.length > room) this.sequences++;
    return tokens.slice(-room);
  }

  report(): Pick<ItemRequests, "truncated"> {
    return this.sequences > 0 ? { truncated: { sequences: this.sequences, scored: this.scored } } : {};
  }
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
