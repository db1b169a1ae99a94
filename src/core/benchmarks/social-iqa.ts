import type { Item } from "../scoring/task";
import {
  type Benchmark,
  choiceModes,
  choiceRules,
  type ItemContext,
  type LeftOut,
  leftOut,
} from "./benchmark";
import { choiceItem, lettered, optionItem, pplItem } from "./choice-item";
import { field, hasFields, type Row, textField, wholeField } from "./row";

/** The label counts from 1; the authors' newer files write the letter as `correct`. */
function goldOf(row: Row): number | undefined {
  const label = wholeField(row, "label");
  if (label !== undefined) return label - 1;
  const letter = field(row, "correct") ?? field(row, "label");
  return letter === "A" || letter === "B" || letter === "C" ? "ABC".indexOf(letter) : undefined;
}

function socialIqaItem(row: Row, context: ItemContext): Item | LeftOut {
  const texts = ["context", "question", "answerA", "answerB", "answerC"].map((name) => textField(row, name));
  const [story, question, a, b, c] = texts;
  if (story === undefined || question === undefined || a === undefined || b === undefined || c === undefined)
    return leftOut("context, question or an answer is no text");
  const choices = [a, b, c];
  const gold = goldOf(row);
  if (gold === undefined) return leftOut("label is missing");
  if (gold < 0 || gold > 2) return leftOut("label is not 1, 2 or 3");
  if (context.mode === "lm-eval") return choiceItem(row, `Q: ${story} ${question}\nA:`, choices, gold);
  if (context.mode === "opencompass-ppl")
    return pplItem(row, `${story}\nQuestion: ${question}\nAnswer:\n`, choices, gold);
  const prompt = `${story}\nQuestion: ${question}\n${lettered(choices)}\nAnswer:`;
  return optionItem(row, prompt, 3, gold, context);
}

export const socialIqa: Benchmark = {
  id: "social_iqa",
  label: "Social IQa",
  domain: "general",
  version: 0,
  licence: "Stated in none of the files (Allen Institute for AI)",
  fields: "context, question, answerA, answerB, answerC, label",
  reports: "acc: share of questions whose right answer is the likeliest.",
  shots: 0,
  modes: choiceModes,
  recognises: (row) => hasFields(row, "context", "question", "answerA", "answerB", "answerC"),
  rules: (mode) => choiceRules(mode, false),
  item: socialIqaItem,
};
