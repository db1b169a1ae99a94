import { prepareTasks } from "../core/scoring/layout";
import type { ChoiceItem, GenerateItem, Item, RollingItem, TaskSpec } from "../core/scoring/task";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import { planScoring, type ScorePlan } from "./score-plan";

const SHOTS = Array.from(
  { length: 5 },
  (_, i) => `Question: ${i} and ${i + 1} is\nAnswer: ${2 * i + 1}\n\n`,
).join("");

/** Every tenth item has shots of its own. */
const choiceItems = (count: number): ChoiceItem[] =>
  Array.from({ length: count }, (_, i) => ({
    context: `${i % 10 === 3 ? `Other ${i}\n` : SHOTS}Question: ${"what ".repeat(1 + (i % 4))}${i} and ${i}?\nAnswer:`,
    choices: [` ${i}`, ` ${2 * i} things`, " none"],
    gold: 1,
  }));

const texts: RollingItem[] = Array.from({ length: 5 }, (_, i) => ({ text: `${SHOTS}${i}`.repeat(1 + i) }));

const questions: GenerateItem[] = Array.from({ length: 6 }, (_, i) => ({
  context: `${SHOTS}Question: ${i} and 3 is\nAnswer:`,
  target: ` ${i + 3}`,
  until: ["\n"],
  maxGenToks: 6,
}));

const spec = (id: string, outputType: TaskSpec["outputType"], items: readonly Item[]): TaskSpec => ({
  id,
  label: id,
  domain: "all",
  outputType,
  accuracyMetric: outputType === "generate_until" ? "exact_match" : "acc",
  continuousMetric: "gold_ll",
  about: "",
  itemsFile: "",
  itemsSha256: "",
  items: items.length,
});

/** Choice items of which nine tenths begin with the same shots, some longer texts, and questions to be answered. */
export async function fewShotPlan(
  tokenizer: TextTokenizer,
  maxLength: number,
  choices: number,
): Promise<ScorePlan> {
  const items = [choiceItems(choices), texts, questions];
  const tasks = [
    spec("shots", "multiple_choice", items[0]!),
    spec("texts", "loglikelihood_rolling", texts),
    spec("questions", "generate_until", questions),
  ];
  const domains = [{ id: "all", label: "All" }];
  const set = { format: "demix-tasks" as const, version: 2 as const, name: "few-shot", domains, tasks };
  const prepared = await prepareTasks(set, items, tokenizer, maxLength);
  if (!prepared.ok) throw new Error(prepared.problem.message);
  return planScoring(prepared.value, items, tokenizer);
}
