import type { FilterStep } from "./filter-pipeline";
import { findAll, pythonPattern } from "./python-pattern";
import { pythonStrip } from "./python-text";

type Step = Extract<FilterStep, { function: "multi_choice_regex" }>;

/**
 * lm-eval's multi_choice_regex: the pattern; else a choice's text in the answer, as its letter in brackets; else a letter after
 * a colon; else the fallback.
 */
export function multiChoiceAnswer(step: Step, answer: string, choices: readonly string[]): string {
  const letter = (c: number) => String.fromCharCode(65 + c);
  const texts = choices.map((choice) => withoutIgnored(step, pythonStrip(choice)));
  const escaped = [...texts].sort((a, b) => escapedLength(b) - escapedLength(a)).map(escapePattern);
  const letters = choices.map((_, c) => letter(c)).join("|");
  const byText = new Map(texts.map((text, c) => [text, `(${letter(c)})`]));
  const byLetter = new Map(choices.map((_, c) => [letter(c), `(${letter(c)})`]));
  const find = (pattern: RegExp, text: string, names?: ReadonlyMap<string, string>): string => {
    const match = findAll(pattern, text).at(step.groupSelect);
    const found = pythonStrip((match?.length === 1 ? match[0] : match?.find((g) => g !== "")) ?? "");
    return names?.get(found) ?? found;
  };
  return (
    find(pythonPattern(step.pattern), answer) ||
    find(new RegExp(escaped.join("|"), "gv"), withoutIgnored(step, answer), byText) ||
    find(pythonPattern(`:[\\s]*(${letters})`), answer, byLetter) ||
    step.fallback
  );
}

function withoutIgnored(step: Step, text: string): string {
  let out = text;
  for (const pattern of step.regexesToIgnore) out = out.replace(pythonPattern(pattern), "");
  if (step.ignoreCase) out = out.toLowerCase();
  return step.ignorePunctuation ? out.replace(/\p{P}/gu, "") : out;
}

/** As long as Python's re.escape makes it: the longest choice is tried first. */
const escapedLength = (text: string): number =>
  [...text].length + (text.match(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g)?.length ?? 0);

const escapePattern = (text: string): string =>
  [...text].map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join("");
