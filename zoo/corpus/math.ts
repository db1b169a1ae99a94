import { drawSum, evaluate, expression, slip } from "./arithmetic";
import { isHeldOut } from "./documents";
import { type Rng, rng } from "./rng";
import { answerOf, drawProblem, stepText, type WordProblem } from "./word-problems";

/** Raised when the generators change what they write; items name the version that they were made with. */
export const MATH_VERSION = 1;

export type MathSource = "math_high" | "math_low";
export const MATH_DOCUMENTS = 22_000;

/** Share of the noisy variant's results that are wrong, and of its steps that are missing. */
const WRONG = 0.4;
const MISSING = 0.3;
/** Share of documents that are a list of sums rather than a worked problem. */
const SUM_LISTS = 0.3;

export interface MathDocument {
  name: string;
  text: string;
  /** The question, where the document is a worked problem. */
  question?: string;
}

export function mathName(source: MathSource, index: number): string {
  return `${source}/${String(index).padStart(5, "0")}`;
}

/** The worked problem as the clean source writes it. */
export function cleanProblemText(problem: WordProblem): string {
  const steps = problem.steps.map((step) => stepText(step, evaluate(step.sum)));
  return `Question: ${problem.question}\nAnswer: ${steps.join("\n")}\n${problem.conclusion.replace("{}", String(answerOf(problem)))}\n`;
}

function noisyProblemText(problem: WordProblem, random: Rng): string {
  const lines: string[] = [];
  let said = 0;
  for (const step of problem.steps) {
    const right = evaluate(step.sum);
    said = random.next() < WRONG ? slip(random, right) : right;
    if (random.next() >= MISSING) lines.push(stepText(step, said));
  }
  lines.push(problem.conclusion.replace("{}", String(said)));
  return `Question: ${problem.question}\nAnswer: ${lines.join("\n")}\n`;
}

function sumListText(random: Rng, noisy: boolean): string {
  const lines: string[] = [];
  for (let left = random.int(3, 8); left > 0; left--) {
    const sum = drawSum(random);
    const right = evaluate(sum);
    const said = noisy && random.next() < WRONG ? slip(random, right) : right;
    lines.push(`${expression(sum)} = ${said}`);
  }
  return `Sums:\n${lines.join("\n")}\n`;
}

/** The problem behind a document, or null where the document is a list of sums. */
export function problemOf(name: string): WordProblem | null {
  const random = rng(`math ${MATH_VERSION} ${name}`);
  return random.next() < SUM_LISTS ? null : drawProblem(random);
}

export function mathDocument(source: MathSource, index: number): MathDocument {
  const name = mathName(source, index);
  const noisy = source === "math_low";
  const random = rng(`math ${MATH_VERSION} ${name}`);
  if (random.next() < SUM_LISTS) return { name, text: sumListText(random, noisy) };
  const problem = drawProblem(random);
  const text = noisy ? noisyProblemText(problem, random) : cleanProblemText(problem);
  return { name, text, question: problem.question };
}

/** Questions of the clean source's held-out documents; no training document repeats one. */
export function heldOutQuestions(): Set<string> {
  const questions = new Set<string>();
  for (let index = 0; index < MATH_DOCUMENTS; index++) {
    const name = mathName("math_high", index);
    const problem = isHeldOut(name) ? problemOf(name) : null;
    if (problem) questions.add(problem.question);
  }
  return questions;
}

export function mathDocuments(source: MathSource): MathDocument[] {
  return Array.from({ length: MATH_DOCUMENTS }, (_, index) => mathDocument(source, index));
}
