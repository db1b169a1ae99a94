import { type Answer, isList } from "./apply-filters";
import { pythonPattern } from "./python-pattern";
import type { ExactMatchOptions } from "./task";

/** Python's string.punctuation. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/**
 * lm-eval's exact_match of one item: 1 where the answer equals one of the targets after what is ignored is removed from
 * both; the share of equal ones where the filters left several answers.
 */
export function exactMatch(answer: Answer, targets: readonly string[], options: ExactMatchOptions): number {
  const answers = (isList(answer) ? answer : [answer]).map((a) =>
    a === null ? null : plain(String(a), options),
  );
  const right = targets.map((target) => plain(target, options));
  if (right.length > 1) return answers.some((a) => a !== null && right.includes(a)) ? 1 : 0;
  return answers.length === 0 ? 0 : answers.filter((a) => a === right[0]).length / answers.length;
}

function plain(text: string, options: ExactMatchOptions): string {
  let out = text;
  for (const pattern of options.regexesToIgnore ?? []) out = out.replace(pythonPattern(pattern), "");
  if (options.ignoreCase) out = out.toLowerCase();
  if (options.ignorePunctuation) out = out.replace(PUNCTUATION, "");
  return options.ignoreNumbers ? out.replace(/[0-9]/g, "") : out;
}
