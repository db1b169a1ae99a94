import type { ChoiceItem, GenerateItem, RollingItem } from "../../src/core/scoring/task";
import { drawSum, evaluate, expression, type Sum, slip } from "../corpus/arithmetic";
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

/** The next step of a worked solution, from its operator on: one wrong choice has a slip, two have another number. */
export function wordProblemItem(name: string, seed: string): ChoiceItem {
  const random = rng(`${seed} ${name}`);
  const { question, steps } = problem(name);
  const at = random.int(0, steps.length - 1);
  const step = steps[at] as Step;
  const before = steps.slice(0, at).map((done) => `${stepText(done, evaluate(done.sum))}\n`);
  const { a, b, operator } = step.sum;
  const right = evaluate(step.sum);
  const others = [-3, -2, -1, 1, 2, 3].filter(
    (by) => b + by > 0 && evaluate({ a, b: b + by, operator }) >= 0,
  );
  const [one = 1, two = 2] = random.shuffle(others);
  const wrong = [
    slip(random, right),
    evaluate({ a, b: b + one, operator }),
    evaluate({ a, b: b + two, operator }),
  ];
  const numbers = [b, b + one, b + two];
  const order = random.shuffle([
    ` ${b} = ${right}`,
    ...wrong.map((result, i) => ` ${numbers[i]} = ${result}`),
  ]);
  return {
    context: `Question: ${question}\nAnswer: ${before.join("")}${step.before}${a} ${operator}`,
    choices: order,
    gold: order.indexOf(` ${b} = ${right}`),
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
  return drawSums(seed, count, (sum) => sum.a <= 20 && evaluate(sum) <= 20).map((sum) => ({
    context: sumContext(sum),
    target: ` ${evaluate(sum)}`,
    until: ["\n"],
    maxGenToks: 6,
  }));
}
