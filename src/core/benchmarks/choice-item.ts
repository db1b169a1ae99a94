import type { ChoiceItem, GenerateItem } from "../scoring/task";
import type { ItemContext } from "./benchmark";
import type { Row } from "./row";

/** Tokens that OpenCompass lets a base model generate (`max_out_len` of its model files). */
export const OPENCOMPASS_MAX_OUT = 1024;

/** lm-eval's choice item: one context, each choice behind one space. */
export const choiceItem = (
  doc: Row,
  context: string,
  choices: readonly string[],
  gold: number,
): ChoiceItem => ({
  context,
  choices: choices.map((choice) => ` ${choice}`),
  gold,
  source: { doc, target: gold },
});

/** OpenCompass's PPL item: prompt and answer are one text, every token of which counts. */
export const pplItem = (doc: Row, context: string, choices: readonly string[], gold: number): ChoiceItem => ({
  context,
  choices,
  gold,
  plain: choices,
  source: { doc, target: gold },
});

const LETTERS = "ABCDEFGH";

/** OpenCompass's GEN item: the options stand in the prompt under letters, the generated text is searched for one. */
export function optionItem(
  doc: Row,
  prompt: string,
  options: number,
  gold: number,
  { maxGenToks }: ItemContext,
): GenerateItem {
  const letter = LETTERS[gold]!;
  return {
    context: prompt,
    target: ` ${letter}`,
    targets: [letter],
    choices: [...LETTERS.slice(0, options)],
    until: [],
    maxGenToks: maxGenToks ?? OPENCOMPASS_MAX_OUT,
    source: { doc, target: letter },
  };
}

/** "A. first\nB. second" */
export const lettered = (options: readonly string[]): string =>
  options.map((option, i) => `${LETTERS[i]}. ${option}`).join("\n");
