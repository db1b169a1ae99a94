import type { TextTokenizer } from "./tokenizer";

/** What a tokenizer writes for bytes that are no whole character. */
const INCOMPLETE = "\ufffd";
/** No character has more bytes, hence tokens: beyond it the bytes are taken as they are. */
const LONGEST_CHARACTER = 4;

/**
 * The text before the first stop string. As in lm-eval (`postprocess_generated_text`) the strings are looked for one after
 * the other, each in what the ones before have left; empty ones are ignored.
 */
export function cutAtStops(text: string, stops: readonly string[]): string {
  let cut = text;
  for (const stop of stops) {
    const at = stop === "" ? -1 : cut.indexOf(stop);
    if (at >= 0) cut = cut.slice(0, at);
  }
  return cut;
}

/**
 * Watches a growing text for stop strings, decoding only the last few tokens at each step. A token is decoded behind its
 * neighbour, because some tokenizers drop the space in front of a text's first word; a character split over tokens is read
 * when it is whole.
 */
export class StopWatch {
  private readonly stops: readonly string[];
  private readonly reach: number;
  private tail = "";
  private before = 0;
  private from = 0;

  constructor(
    stops: readonly string[],
    private readonly tokenizer: TextTokenizer,
  ) {
    this.stops = stops.filter((stop) => stop !== "");
    this.reach = this.stops.reduce((most, stop) => Math.max(most, stop.length), 1) - 1;
  }

  /** Whether the text seems to hold a stop string since the last token of `tokens` came; the whole text decides. */
  saw(tokens: readonly number[]): boolean {
    if (this.stops.length === 0) return false;
    const known = this.tokenizer.decode(tokens.slice(this.before, this.from), true);
    const text = this.tokenizer.decode(tokens.slice(this.before), true);
    if (text.endsWith(INCOMPLETE) && tokens.length - this.from < LONGEST_CHARACTER) return false;
    const seen = this.tail + text.slice(known.length);
    this.before = this.from;
    this.from = tokens.length;
    this.tail = this.reach > 0 ? seen.slice(-this.reach) : "";
    return this.stops.some((stop) => seen.includes(stop));
  }
}
