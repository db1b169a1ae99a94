import { pythonStrip } from "../scoring/python-text";
import type { GenerateItem } from "../scoring/task";

/**
 * The letter that a generated text chooses, "" where none is found. OpenCompass's `first_option_postprocess` tries a list of
 * phrases in order and then takes the first letter that occurs; here are its English phrases, the Chinese ones are left out.
 */
export function chosenOption(generated: string, options: readonly string[], anyLetter: boolean): string {
  const text = pythonStrip(generated);
  const letter = `([${options.join("")}])`;
  const said = "[Tt]he (?:correct )?(?:answer|option|answer option|answer to the question) is";
  const patterns = [
    `[\\s，：:,]${letter}[。，,.]?$`,
    `[Aa][Nn][Ss][Ww][Ee][Rr]\\s*:\\s*${letter}`,
    `${said}(?: option)?:?\\s+\\(?(?:\\*\\*)?${letter}`,
    `${said}:?[\\s\\S]*?boxed\\{${letter}\\}`,
    `^${letter}[\\s，,：:.$]`,
  ];
  for (const pattern of patterns) {
    const found = new RegExp(pattern, "u").exec(text);
    if (found) return found[1]!;
  }
  // Behind a "1" and one more character the first option in the order of the alphabet counts, wherever it stands.
  const listed = /1[\s\S]\s?([\s\S]*)$/u.exec(text)?.[1];
  const inList = listed && options.find((option) => listed.includes(option));
  if (inList) return inList;
  const anywhere = anyLetter ? (new RegExp(`${letter}:`).exec(text) ?? new RegExp(letter).exec(text)) : null;
  return anywhere?.[1] ?? "";
}

/** 1 where the generated text chooses the right option. Three options: a lone letter does not count (Social IQa's setting). */
export function optionScore(generated: string, { choices = [], targets = [] }: GenerateItem): number {
  return targets.includes(chosenOption(generated, choices, choices.length !== 3)) ? 1 : 0;
}
