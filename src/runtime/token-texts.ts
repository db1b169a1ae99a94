import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { ShownToken } from "../protocol/task-protocol";

/** What a tokenizer writes for bytes that are no whole character. */
const INCOMPLETE = "\ufffd";
/** No character has more tokens: beyond it the bytes are shown as they are. */
const LONGEST_CHARACTER = 4;

/**
 * The text that each token adds to those before it. A token is decoded behind its neighbour, since some tokenizers drop
 * the space in front of a text's first word; a character split over tokens stands at the token that completes it.
 */
export function tokenTexts(ids: readonly number[], tokenizer: TextTokenizer): ShownToken[] {
  const shown: ShownToken[] = [];
  let before = 0;
  let from = 0;
  for (const [i, id] of ids.entries()) {
    const known = tokenizer.decode(ids.slice(before, from));
    const text = tokenizer.decode(ids.slice(before, i + 1));
    const whole = !text.endsWith(INCOMPLETE) || i - from + 1 >= LONGEST_CHARACTER || i === ids.length - 1;
    shown.push({ id, text: whole ? text.slice(known.length) : "" });
    if (!whole) continue;
    before = from;
    from = i + 1;
  }
  return shown;
}
