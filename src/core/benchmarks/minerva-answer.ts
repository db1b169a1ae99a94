import { pythonStrip } from "../scoring/python-text";
import type { GenerateItem } from "../scoring/task";
import { sameAnswer } from "./same-answer";

/** The last `\boxed{…}` (else `\fbox{…}`) of a solution, braces matched; null without one. As lm-eval's minerva tasks. */
export function lastBoxed(solution: string): string | null {
  if (solution.includes("\\boxed ")) return `\\boxed ${solution.split("\\boxed ").at(-1)!.split("$")[0]!}`;
  let from = solution.lastIndexOf("\\boxed");
  if (from < 0) from = solution.lastIndexOf("\\fbox");
  if (from < 0) return null;
  let open = 0;
  for (let i = from; i < solution.length; i++) {
    if (solution[i] === "{") open++;
    else if (solution[i] === "}" && --open === 0) return solution.slice(from, i + 1);
  }
  return null;
}

/** What stands in the box; null for `\fbox` and others, over which lm-eval stops. */
export function withoutBox(boxed: string): string | null {
  if (boxed.includes("\\boxed ")) return boxed.startsWith("\\boxed ") ? boxed.slice(7) : null;
  return boxed.startsWith("\\boxed{") && boxed.endsWith("}") ? boxed.slice(7, -1) : null;
}

const NO_ANSWER = "[invalidanswer]";
const END = "I hope it is correct.";

/** What follows "Final Answer: The final answer is" on the same line, up to "I hope it is correct." */
export function finalAnswer(generated: string): string {
  const found = /Final Answer: The final answer is([^\n]*?)[^\n] I hope it is correct[^\n]/u.exec(
    generated + END,
  );
  return found ? pythonStrip(found[1]!) : NO_ANSWER;
}

/** Words and marks that stand beside numbers, removed in this order. */
const UNITS_BEFORE_TEXT =
  "square ways integers dollars mph inches ft hours km units \\ldots sue points feet minutes digits cents degrees cm gm " +
  "pounds meters meals edges students childrentickets multiples";
const REMOVED: readonly string[] = [
  ...UNITS_BEFORE_TEXT.split(" "),
  "\\text{s}",
  "\\text{.}",
  "\\text{\ns}",
  "\\text{}^2",
  "\\text{}^3",
  "\\text{\n}",
  "\\text{}",
  "\\mathrm{th}",
  "^\\circ",
  "^{\\circ}",
  "\\;",
  ",\\!",
  "{,}",
  '"',
  "\\dots",
];
const REPLACED: readonly (readonly [string, string])[] = [
  ["an ", ""],
  ["a ", ""],
  [".$", "$"],
  ["\\$", ""],
  ["\\ ", ""],
  [" ", ""],
  ["mbox", "text"],
  [",\\text{and}", ","],
  ["\\text{and}", ","],
  ["\\text{m}", "\\text{}"],
];
const isWord = (expression: string): boolean => /^[a-z]+$/.test(expression);
const ALONE = REMOVED.filter(isWord).map(
  (word) => new RegExp(`(?<![\\\\\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, "gu"),
);

/**
 * The normalisation of final answers of lm-eval's minerva tasks, version 3.1 (Lewkowycz et al. 2022, appendix D, with its
 * corrections): same steps, same order.
 */
export function normalizeFinalAnswer(answer: string): string {
  let text = answer.split("=").at(-1)!;
  for (const pattern of ALONE) text = text.replace(pattern, "");
  for (const [before, after] of REPLACED) text = text.replaceAll(before, () => after);
  for (const expression of REMOVED)
    text = isWord(expression) ? removeOutsideCommands(text, expression) : text.replaceAll(expression, "");
  text = text
    .replace(/[^\n]*?\$([^\n]*?)\$[^\n]*/gu, (_, inner: string) => `$${inner}$`)
    .replace(/\\text\{([^\n]*?)\}/gu, (_, inner: string) => inner)
    .replace(/\\textbf\{([^\n]*?)\}/gu, (_, inner: string) => inner)
    .replace(/\\overline\{([^\n]*?)\}/gu, (_, inner: string) => inner)
    .replace(/\\boxed\{([^\n]*)\}/gu, (_, inner: string) => inner)
    .replace(/frac([^{])([^\n])/gu, (_, a: string, b: string) => `frac{${a}}{${b}}`)
    .replace(/sqrt(\[[^\]]*\])([\p{L}\p{N}_])/gu, (_, index: string, a: string) => `sqrt${index}{${a}}`)
    .replace(/sqrt(?!\[)([^{])/gu, (_, a: string) => `sqrt{${a}}`)
    .replaceAll("$", "");
  return /^-?\p{Nd}{1,3}(,\p{Nd}{3})+$/u.test(text) ? text.replaceAll(",", "") : text;
}

/** Removes a word wherever it is no part of a LaTeX command: "ft" not out of "\left". */
const removeOutsideCommands = (text: string, word: string): string =>
  text
    .split(/(\\[a-zA-Z]+)/)
    .map((part, i) => (i % 2 === 0 ? part.replaceAll(word, "") : part))
    .join("");

/** 1 where the final answer of a generated text is the item's, else 0 (lm-eval's exact_match of the minerva tasks). */
export function minervaScore(generated: string, { targets, target }: GenerateItem): number {
  const answer = normalizeFinalAnswer(finalAnswer(generated));
  return (targets ?? [target]).some((gold) => sameAnswer(answer, gold)) ? 1 : 0;
}
