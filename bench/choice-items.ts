import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChoiceItem } from "../src/core/scoring/task";
import { seededRandom } from "../src/core/seeded-random";

/** Choice items as lm-eval's arc_easy writes them: 0-shot, behind five short shots, and behind five long ones. */
export interface ChoiceSets {
  /** Where the 0-shot items come from. */
  readonly source: string;
  readonly sets: Readonly<Record<string, readonly ChoiceItem[]>>;
}

interface Row {
  readonly question: { readonly stem: string; readonly choices: { text: string; label: string }[] };
  readonly answerKey: string;
}

const SHOTS = 5;
const FEW_SHOT_ITEMS = 150;
const ZERO_SHOT_ITEMS = 300;

/**
 * ARC-E items from a copy of ARC's file beside the repository where there is one, else made up with about as many words.
 * Five shots of such items are longer than the demo model's 256 tokens, so "5-shot" has short items of its own; the long
 * ones, which both sides cut on the left, are "5-shot, cut".
 */
export function choiceSets(root: string): ChoiceSets {
  const file = join(root, "..", "shared", "benchmarks", "arc_easy.jsonl");
  const real = existsSync(file);
  const arc = real
    ? readFileSync(file, "utf8").trim().split("\n").map(fromArc)
    : madeUp(ZERO_SHOT_ITEMS, 22, 4);
  const short = madeUp(FEW_SHOT_ITEMS + SHOTS, 7, 2);
  return {
    source: real ? "arc_easy.jsonl" : "made-up items",
    sets: {
      "0-shot": arc.slice(0, ZERO_SHOT_ITEMS),
      "5-shot": withShots(short),
      "5-shot-cut": withShots(arc.slice(0, 60 + SHOTS)),
    },
  };
}

function fromArc(line: string): ChoiceItem {
  const { question, answerKey } = JSON.parse(line) as Row;
  return {
    context: `Question: ${question.stem}\nAnswer:`,
    choices: question.choices.map(({ text }) => ` ${text}`),
    gold: question.choices.findIndex(({ label }) => label === answerKey),
  };
}

/** The first items with their answers stand before every other one (lm-eval's sampler first_n). */
function withShots(items: readonly ChoiceItem[]): ChoiceItem[] {
  const shots = items
    .slice(0, SHOTS)
    .map(({ context, choices, gold }) => `${context}${choices[gold as number]}\n\n`);
  return items.slice(SHOTS).map((item) => ({ ...item, context: shots.join("") + item.context }));
}

const NOUNS =
  "water light plant animal rock heat air force sound cell energy soil metal ice moon seed wave cloud".split(
    " ",
  );
const VERBS = "moves changes grows melts makes needs carries warms reaches holds turns keeps".split(" ");
const SMALL = "the a when most of that and in from which each with one by to some".split(" ");

/** Questions of about `words` words with four choices of about `choiceWords`. */
function madeUp(count: number, words: number, choiceWords: number): ChoiceItem[] {
  const random = seededRandom(77);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!;
  const phrase = (n: number) =>
    Array.from({ length: n }, (_, i) => pick(i % 3 === 0 ? SMALL : i % 3 === 1 ? NOUNS : VERBS)).join(" ");
  const about = (n: number) => Math.max(1, Math.round(n * (0.5 + random())));
  return Array.from({ length: count }, () => ({
    context: `Question: What ${phrase(about(words))}?\nAnswer:`,
    choices: Array.from(
      { length: 4 },
      () => ` ${pick(NOUNS)}${choiceWords > 1 ? ` ${phrase(about(choiceWords))}` : ""}`,
    ),
    gold: Math.floor(random() * 4),
  }));
}
