import type { FilterStep } from "./filter-pipeline";
import { multiChoiceAnswer } from "./multi-choice-answer";
import { findAll, pythonPattern } from "./python-pattern";
import { pythonStrip } from "./python-text";
import type { GenerateItem } from "./task";

/** null equals nothing: what lm-eval's map filter gives for an unknown answer by default. */
export type Scalar = string | number | null;
/** What filters leave of an item's texts: all of them, or one. */
export type Answer = Scalar | readonly Scalar[];

export const isList = (answer: Answer): answer is readonly Scalar[] => Array.isArray(answer);

/** An item's generated texts through the filters, one after another. */
export function applyFilters(
  steps: readonly FilterStep[],
  texts: readonly string[],
  item: GenerateItem,
): Answer {
  return steps.reduce<Answer>((answer, step) => apply(step, answer, item), texts);
}

function apply(step: FilterStep, answer: Answer, item: GenerateItem): Answer {
  // After take_first lm-eval's filters see one text as a list of its characters; a pipeline that does so is refused when read.
  const list = isList(answer) ? answer : [answer];
  const each = (change: (text: string) => Scalar): Answer =>
    list.map((a) => change(typeof a === "string" ? a : ""));
  switch (step.function) {
    case "take_first":
      return list[0] ?? "";
    case "take_first_k":
      return list.slice(0, step.k);
    case "majority_vote":
      return [mostFrequent(list)];
    case "remove_whitespace":
      return each(pythonStrip);
    case "lowercase":
      return each((text) => text.toLowerCase());
    case "uppercase":
      return each((text) => text.toUpperCase());
    case "map":
      return each((text) => (Object.hasOwn(step.mapping, text) ? step.mapping[text]! : step.otherwise));
    case "regex":
      return each((text) => selected(findAll(pythonPattern(step.pattern), text), step));
    case "multi_choice_regex":
      return each((text) => multiChoiceAnswer(step, text, item.choices ?? []));
  }
}

/** The match with the step's index, of several groups the first that is not empty. */
function selected(
  matches: readonly (readonly string[])[],
  { groupSelect, fallback }: { readonly groupSelect: number; readonly fallback: string },
): string {
  const match = matches.at(groupSelect);
  if (!match) return fallback;
  return pythonStrip(match.length === 1 ? match[0]! : (match.find((group) => group !== "") ?? fallback));
}

/** Of several equally frequent ones the first, as Python's Counter.most_common(1). */
function mostFrequent(answers: readonly Scalar[]): Scalar {
  const counts = new Map<Scalar, number>();
  for (const a of answers) counts.set(a, (counts.get(a) ?? 0) + 1);
  let best: Scalar = answers[0] ?? "";
  for (const [a, n] of counts) if (n > counts.get(best)!) best = a;
  return best;
}
