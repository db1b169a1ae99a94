import type { ChoiceItem, GenerateItem, RollingItem } from "../../src/core/scoring/task";
import { drawSum, evaluate, expression, type Operator, type Sum, slip } from "../corpus/arithmetic";
import { cleanProblemText, problemOf } from "../corpus/math";
import { type Rng, rng } from "../corpus/rng";
import type { Step, WordProblem } from "../corpus/word-problems";
import { stepText } from "../corpus/word-problems";

function problem(name: string): WordProblem {
  const found = problemOf(name);
  if (!found) throw new Error(`${name} is a list of sums, not a problem`);
  return found;
}

export function mathBytesItem(name: string): RollingItem {
  return { text: cleanProblemText(problem(name)).trimEnd() };
}

/** Right choice plus three distinct wrong ones, in a drawn order. */
function choose(random: Rng, right: string, wrong: () => string): Pick<ChoiceItem, "choices" | "gold"> {
  const choices = new Set([right]);
  while (choices.size < 4) choices.add(wrong());
  const order = random.shuffle([...choices]);
  return { choices: order, gold: order.indexOf(right) };
}

/** The next step of a worked solution: wrong ones have a slip in the result, or another number in the sum. */
export function wordProblemItem(name: string, seed: string): ChoiceItem {
  const random = rng(`${seed} ${name}`);
  const { question, steps } = problem(name);
  const at = random.int(0, steps.length - 1);
  const step = steps[at] as Step;
  const before = steps.slice(0, at).map((done) => `${stepText(done, evaluate(done.sum))}\n`);
  const lead = step.before.trimEnd();
  const written = (sum: Sum, result: number): string => ` ${expression(sum)} = ${result}`;
  const right = evaluate(step.sum);
  const wrong = (): string => {
    if (random.next() < 0.67) return written(step.sum, slip(random, right));
    const operator: Operator = step.sum.operator;
    const other = { operator, a: step.sum.a, b: Math.max(1, step.sum.b + random.pick([-2, -1, 1, 2])) };
    return evaluate(other) < 0 || other.b === step.sum.b
      ? written(step.sum, slip(random, right))
      : written(other, evaluate(other));
  };
  return {
    context: `Question: ${question}\nAnswer: ${before.join("")}${lead}`,
    ...choose(random, written(step.sum, right), wrong),
  };
}

function sumContext(sum: Sum): string {
  return `Sums:\n${expression(sum)} =`;
}

/** `count` different sums, drawn as the training text draws them; `keep` limits how hard they are. */
export function drawSums(seed: string, count: number, keep: (sum: Sum) => boolean): Sum[] {
  const random = rng(seed);
  const found = new Map<string, Sum>();
  while (found.size < count) {
    const sum = drawSum(random);
    if (keep(sum)) found.set(expression(sum), sum);
  }
  return [...found.values()];
}

export function sumItems(seed: string, count: number): ChoiceItem[] {
  const random = rng(`${seed} choices`);
  return drawSums(seed, count, (sum) => evaluate(sum) >= 3).map((sum) => {
    const right = evaluate(sum);
    return { context: sumContext(sum), ...choose(random, ` ${right}`, () => ` ${slip(random, right)}`) };
  });
}

export function generatedSumItems(seed: string, count: number): GenerateItem[] {
  return drawSums(seed, count, (sum) => sum.a <= 30 && sum.b <= 12).map((sum) => ({
    context: sumContext(sum),
    target: ` ${evaluate(sum)}`,
    until: ["\n"],
    maxGenToks: 6,
  }));
}
