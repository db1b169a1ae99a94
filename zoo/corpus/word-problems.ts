import { amount, evaluate, expression, type Sum } from "./arithmetic";
import type { Rng } from "./rng";

/** One line of a solution: `before`, then the sum with its result, then `after`. */
export interface Step {
  before: string;
  sum: Sum;
  after: string;
}

/** A worked problem. The last step's result answers it. */
export interface WordProblem {
  question: string;
  steps: Step[];
  /** Sentence that states the answer, with `{}` for the number. */
  conclusion: string;
}

const NAMES =
  "Ada Amir Anna Ben Bella Carl Clara Dan Dora Eli Emma Femi Finn Gita Hugo Ida Ivan Jane Jonas Kai Lena Leo Lucy Mara Max Mia Nina Noah Olga Omar Pia Paul Rosa Sam Sara Tom Uma Vera Will Yara Zoe Zack".split(
    " ",
  );
const THINGS =
  "apples books bottles boxes buttons cards chairs coins cookies cups eggs flowers hats keys lamps lemons letters marbles nails oranges pears pencils plates plums potatoes ribbons rolls shells shirts socks spoons stamps stickers stones tickets tiles tomatoes toys".split(
    " ",
  );
const PLACES =
  "at the market;at the shop;from a friend;at school;in the garden;at the fair;from a neighbour;in the attic;by the river;in town".split(
    ";",
  );
const HOLDERS = "bags baskets boxes crates drawers jars shelves trays sacks tins".split(" ");
const DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
const OPENINGS = ["We start with", "There are", "First there are", "The start is"];
const REASONS = {
  more: ["so we add", "we add", "more means we add"],
  less: ["so we take away", "we take away", "fewer means we take away"],
  times: ["so we multiply", "we multiply", "equal groups, so we multiply"],
};

type Template = (rng: Rng) => WordProblem;

function step(rng: Rng, kind: keyof typeof REASONS, sum: Sum, thing: string): Step {
  const reason = rng.pick(REASONS[kind]);
  const before = rng.next() < 0.5 ? `${rng.pick(OPENINGS)} ${sum.a}, ${reason}: ` : `${capital(reason)}: `;
  return { before, sum, after: rng.next() < 0.5 ? ` ${thing}.` : "." };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function twoNames(rng: Rng): [string, string] {
  const first = rng.pick(NAMES);
  return [first, rng.pick(NAMES.filter((name) => name !== first))];
}

const gain: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const sum: Sum = { a: amount(rng), b: amount(rng), operator: "+" };
  const verb = rng.pick(["gets", "buys", "finds", "picks up", "is given"]);
  return {
    question: `${who} has ${sum.a} ${thing}. Then ${who} ${verb} ${sum.b} more ${rng.pick(PLACES)}. How many ${thing} does ${who} have now?`,
    steps: [step(rng, "more", sum, thing)],
    conclusion: `${who} has {} ${thing}.`,
  };
};

const loss: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const b = amount(rng);
  const sum: Sum = { a: b + amount(rng), b, operator: "-" };
  const verb = rng.pick(["loses", "sells", "gives away", "breaks", "uses"]);
  return {
    question: `${who} has ${sum.a} ${thing} and ${verb} ${sum.b} of them on ${rng.pick(DAYS)}. How many ${thing} are left?`,
    steps: [step(rng, "less", sum, thing)],
    conclusion: `{} ${thing} are left.`,
  };
};

const groups: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const holder = rng.pick(HOLDERS);
  const sum: Sum = { a: rng.int(2, 9), b: rng.int(2, 9), operator: "*" };
  return {
    question: `${who} fills ${sum.a} ${holder} with ${sum.b} ${thing} each. How many ${thing} is that in all?`,
    steps: [step(rng, "times", sum, thing)],
    conclusion: `That is {} ${thing}.`,
  };
};

const together: Template = (rng) => {
  const [one, two] = twoNames(rng);
  const thing = rng.pick(THINGS);
  const sum: Sum = { a: amount(rng), b: amount(rng), operator: "+" };
  return {
    question: `${one} has ${sum.a} ${thing} and ${two} has ${sum.b}. How many ${thing} do they have together?`,
    steps: [step(rng, "more", sum, thing)],
    conclusion: `Together they have {} ${thing}.`,
  };
};

const difference: Template = (rng) => {
  const [one, two] = twoNames(rng);
  const thing = rng.pick(THINGS);
  const b = amount(rng);
  const sum: Sum = { a: b + amount(rng), b, operator: "-" };
  return {
    question: `${one} counts ${sum.a} ${thing}. ${two} counts ${sum.b}. How many more does ${one} count?`,
    steps: [step(rng, "less", sum, thing)],
    conclusion: `${one} counts {} more.`,
  };
};

const gainThenLoss: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const first: Sum = { a: amount(rng), b: amount(rng), operator: "+" };
  const held = evaluate(first);
  const second: Sum = { a: held, b: rng.int(1, Math.min(held - 1, 20)), operator: "-" };
  return {
    question: `On ${rng.pick(DAYS)} ${who} had ${first.a} ${thing} and made ${first.b} more. Later ${second.b} were sold. How many ${thing} remain?`,
    steps: [step(rng, "more", first, thing), step(rng, "less", second, thing)],
    conclusion: `{} ${thing} remain.`,
  };
};

const groupsThenGain: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const holder = rng.pick(HOLDERS);
  const first: Sum = { a: rng.int(2, 9), b: rng.int(2, 9), operator: "*" };
  const second: Sum = { a: evaluate(first), b: amount(rng), operator: "+" };
  return {
    question: `${who} packs ${first.a} ${holder} of ${first.b} ${thing} and has ${second.b} loose ones. How many ${thing} are there?`,
    steps: [step(rng, "times", first, thing), step(rng, "more", second, thing)],
    conclusion: `There are {} ${thing}.`,
  };
};

const sharedGain: Template = (rng) => {
  const [one, two] = twoNames(rng);
  const thing = rng.pick(THINGS);
  const first: Sum = { a: amount(rng), b: amount(rng), operator: "+" };
  const second: Sum = { a: first.a, b: evaluate(first), operator: "+" };
  return {
    question: `${one} has ${first.a} ${thing}. ${two} has ${first.b} more than ${one}. How many do they have together?`,
    steps: [step(rng, "more", first, thing), step(rng, "more", second, thing)],
    conclusion: `Together they have {} ${thing}.`,
  };
};

const priced: Template = (rng) => {
  const who = rng.pick(NAMES);
  const thing = rng.pick(THINGS);
  const first: Sum = { a: rng.int(2, 9), b: rng.int(2, 9), operator: "*" };
  const cost = evaluate(first);
  const second: Sum = { a: cost + rng.int(1, 20), b: cost, operator: "-" };
  return {
    question: `${who} buys ${first.a} ${thing} for ${first.b} pounds each and pays with ${second.a} pounds. How much change does ${who} get?`,
    steps: [step(rng, "times", first, "pounds"), step(rng, "less", second, "pounds")],
    conclusion: `The change is {} pounds.`,
  };
};

const TEMPLATES: readonly Template[] = [
  gain,
  loss,
  groups,
  together,
  difference,
  gainThenLoss,
  groupsThenGain,
  sharedGain,
  priced,
];

export function drawProblem(rng: Rng): WordProblem {
  return rng.pick(TEMPLATES)(rng);
}

export function stepText(step: Step, result: number): string {
  return `${step.before}${expression(step.sum)} = ${result}${step.after}`;
}

export function answerOf(problem: WordProblem): number {
  const last = problem.steps.at(-1);
  if (!last) throw new Error("a problem has at least one step");
  return evaluate(last.sum);
}
