import { isPythonSpace } from "../scoring/python-text";

/** A question and, for an example, its answer. */
export interface Turn {
  readonly question: string;
  readonly answer: string | null;
  readonly prefix: string | null;
  readonly targetDelimiter: string;
  readonly fewshotDelimiter: string;
}

const touches = (left: string, right: string): boolean =>
  !isPythonSpace(left.at(-1) ?? "") && !isPythonSpace(right[0] ?? "");

/** Prefix and text with the delimiter between them, where neither has white space there. */
export function joined(prefix: string | null, text: string, delimiter: string): string {
  if (!prefix) return text;
  if (text === "") return prefix;
  return prefix + (touches(prefix, text) ? delimiter : "") + text;
}

/** One turn as lm-eval writes it without a chat template (`build_qa_turn`). */
export function turnText({ question, answer, prefix, targetDelimiter, fewshotDelimiter }: Turn): string {
  const answered = answer !== null && answer !== "";
  const before = prefix && question !== "" && touches(question, prefix) ? targetDelimiter : "";
  const delimiter = answered && !prefix ? targetDelimiter : before;
  if (answered) return question + delimiter + joined(prefix, answer, " ") + fewshotDelimiter;
  return question + delimiter + (prefix ?? "");
}
